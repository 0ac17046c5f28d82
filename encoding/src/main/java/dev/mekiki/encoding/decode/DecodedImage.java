package dev.mekiki.encoding.decode;

import org.opencv.core.Mat;
import org.opencv.imgproc.Imgproc;

/// A decoded picture in native memory: close it. Upright (EXIF orientation applied), transparent
/// parts blended onto white. Not thread-safe.
public final class DecodedImage implements AutoCloseable {
  private final ImageFormat format;
  private final int width;
  private final int height;
  private final Mat bgr;
  private final Mat luma;
  private final boolean partial;

  private DecodedImage(
      ImageFormat format, int width, int height, Mat bgr, Mat luma, boolean partial) {
    this.format = format;
    this.width = width;
    this.height = height;
    this.bgr = bgr;
    this.luma = luma;
    this.partial = partial;
  }

  /// A whole picture of upright pixels in sRGB.
  ///
  /// @param width pixels of the upright picture in the file
  /// @param height pixels of the upright picture in the file
  /// @param bgr 8 bits, blue, green, red; released with the result
  public static DecodedImage of(ImageFormat format, int width, int height, Mat bgr) {
    return of(format, width, height, bgr, false);
  }

  /// A picture of upright pixels in sRGB.
  ///
  /// @param width pixels of the upright picture in the file
  /// @param height pixels of the upright picture in the file
  /// @param bgr 8 bits, blue, green, red; released with the result
  /// @param partial whether the file is cut short
  public static DecodedImage of(
      ImageFormat format, int width, int height, Mat bgr, boolean partial) {
    Mat luma = new Mat();
    Imgproc.cvtColor(bgr, luma, Imgproc.COLOR_BGR2GRAY);
    return new DecodedImage(format, width, height, bgr, luma, partial);
  }

  public ImageFormat format() {
    return format;
  }

  /// Pixels of the upright picture in the file; {@link #bgr} may be smaller.
  public int width() {
    return width;
  }

  /// Pixels of the upright picture in the file; {@link #bgr} may be smaller.
  public int height() {
    return height;
  }

  /// Whether the file is cut short: the picture is what it has.
  public boolean partial() {
    return partial;
  }

  /// The pixels, 8 bits, blue, green, red; a longest side of {@link ImageDecoder#LARGEST_SIDE} at
  /// most.
  public Mat bgr() {
    return bgr;
  }

  /// Luma of {@link #bgr}, 8 bits.
  public Mat luma() {
    return luma;
  }

  /// Luma as floats, row-major, as fingerprints are computed from.
  public float[] luminance() {
    byte[] bytes = new byte[luma.rows() * luma.cols()];
    luma.get(0, 0, bytes);
    float[] luminance = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      luminance[i] = bytes[i] & 0xFF;
    }
    return luminance;
  }

  @Override
  public void close() {
    luma.release();
    bgr.release();
  }
}

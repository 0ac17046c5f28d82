package dev.mekiki.encoding.decode;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.mekiki.encoding.decode.BadImageException.Reason;
import dev.mekiki.encoding.opencv.NativeMemory;
import dev.mekiki.encoding.opencv.OpenCvLibrary;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Core;
import org.opencv.core.CvException;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.Size;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;

/// Decodes JPEG (CMYK, too), PNG and WebP (transparent parts on white), GIF and animated WebP (the
/// first frame that is not blank), BMP, TIFF (first page), AVIF and HEIC, applies the orientation,
/// and converts colours to sRGB. Thread-safe.
///
/// The same bytes give the same pixels on every call: codes and fingerprints depend on it.
public final class ImageDecoder implements PictureDecoder {
  /// Pixels: larger pictures are shrunk to this longest side by area averaging, a JPEG in part by
  /// its decoder. Networks and fingerprints look at far fewer; it bounds what a picture costs after
  /// decoding.
  public static final int LARGEST_SIDE = 1024;

  static {
    OpenCvLibrary.load();
  }

  // What their readers allocate for a pixel: palette indexes; planes of colours and the result.
  private static final int GIF_BYTES_PER_PIXEL = 2;
  private static final int WEBP_BYTES_PER_PIXEL = 8;

  // 16 bits of four channels, and the result.
  private static final int TIFF_BYTES_PER_PIXEL = 11;

  /// Frames of an animation that may be blank.
  private static final int MAX_BLANK_FRAMES = 16;

  /// Levels by which the channels of a blank frame may differ.
  private static final int MAX_BLANK_SPREAD = 4;

  private final DecodeLimits limits;
  private final HeapBudget heap;

  /// @param maxBytes largest accepted file, inclusive
  /// @param maxPixels largest accepted width x height, inclusive
  public ImageDecoder(int maxBytes, long maxPixels) {
    this(new DecodeLimits(maxBytes, maxPixels));
  }

  /// A decoder in a process that does much else.
  public ImageDecoder(DecodeLimits limits) {
    this(limits, HeapBudget.ofThisProcess());
  }

  ImageDecoder(DecodeLimits limits, HeapBudget heap) {
    this.limits = limits;
    this.heap = heap;
  }

  /// A decoder that has a process for itself, and decodes one picture at a time.
  public static ImageDecoder alone(DecodeLimits limits) {
    return new ImageDecoder(limits, HeapBudget.ofDecodingProcess());
  }

  /// The picture of an image file.
  ///
  /// @param bytes neither kept nor changed
  /// @throws BadImageException where the file is empty, too large, of no known format, cut short or
  ///   damaged
  @Override
  public DecodedImage decode(byte[] bytes) throws BadImageException {
    limits.checkLength(bytes);
    ImageFormat format =
        ImageFormat.of(bytes)
            .orElseThrow(() -> new BadImageException(Reason.UNKNOWN_FORMAT, unknownFormat(bytes)));
    return format == ImageFormat.AVIF || format == ImageFormat.HEIC
        ? heif(format, bytes)
        : decode(format, bytes);
  }

  private DecodedImage decode(ImageFormat format, byte[] bytes) throws BadImageException {
    Header header = header(format, bytes);
    limits.checkPixels(header.width(), header.height());
    Optional<String> problem = FileStructure.problem(format, bytes);
    if (problem.isPresent() && format == ImageFormat.JPEG && limits.partialImages()) {
      return part(header, bytes);
    }
    if (problem.isPresent()) {
      throw new BadImageException(Reason.UNDECODABLE, "image: " + problem.get());
    }
    Orientation orientation = ExifOrientation.read(format, bytes);
    // Before it is shrunk: so it has the pixels of its upright twin.
    Mat bgr = limited(orientation.apply(pixels(format, header, bytes)));
    ColorProfile.toSrgb(format, bytes, bgr);
    return image(format, header, orientation, bgr);
  }

  /// What there is of a JPEG that is cut short.
  private static DecodedImage part(Header header, byte[] bytes) throws BadImageException {
    // The reduction is that of the whole file, so the rows are the same.
    Mat rows = PartialJpeg.decode(bytes, jpegFlags(header));
    int width = header.width();
    int height =
        rows.empty() ? 0 : Math.toIntExact(Math.round((double) rows.rows() * width / rows.cols()));
    if (2L * height < header.height()) {
      rows.release();
      throw new BadImageException(
          Reason.UNDECODABLE,
          "image: JPEG of %d bytes is cut short after %d of %d rows (expected: at least half)"
              .formatted(bytes.length, height, header.height()));
    }
    Orientation orientation = ExifOrientation.read(ImageFormat.JPEG, bytes);
    Mat bgr = limited(orientation.apply(rows));
    ColorProfile.toSrgb(ImageFormat.JPEG, bytes, bgr);
    boolean turned = orientation.swapsSides();
    return DecodedImage.of(
        ImageFormat.JPEG, turned ? height : width, turned ? width : height, bgr, true);
  }

  private DecodedImage heif(ImageFormat format, byte[] bytes) throws BadImageException {
    try (HeifFile file = HeifFile.open(bytes)) {
      Header header = new Header(file.width(), file.height());
      limits.checkPixels(header.width(), header.height());
      limits.checkPixels(file.codedPixels());
      Mat bgr =
          limited(file.orientation().apply(file.bgr(ImageDecoder::isBlank, MAX_BLANK_FRAMES)));
      if (file.profile() == null) {
        WideGamut.toSrgb(file.primaries(), bgr);
      } else {
        ColorProfile.toSrgb(file.profile(), bgr);
      }
      return image(format, header, file.orientation(), bgr);
    } catch (IOException | CvException e) {
      if (NativeMemory.isExhausted(e)) {
        throw (OutOfMemoryError) new OutOfMemoryError(e.getMessage()).initCause(e);
      }
      throw damaged(format, String.valueOf(e.getMessage()), e);
    }
  }

  private static DecodedImage image(
      ImageFormat format, Header header, Orientation orientation, Mat bgr) {
    boolean turned = orientation.swapsSides();
    return DecodedImage.of(
        format,
        turned ? header.height() : header.width(),
        turned ? header.width() : header.height(),
        bgr);
  }

  private static String unknownFormat(byte[] bytes) {
    byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, UnsupportedFormat.HEAD_BYTES));
    String what =
        UnsupportedFormat.of(head, "")
            .map(format -> format.label() + ", which is not decoded")
            .orElse("of no known format by its first bytes");
    return "image: %s (expected: %s)".formatted(what, ImageFormat.ALL);
  }

  /// Size by the file's header; OpenCV cannot read a header alone.
  private static Header header(ImageFormat format, byte[] bytes) throws BadImageException {
    return read(format, bytes, reader -> new Header(reader.getWidth(0), reader.getHeight(0)));
  }

  private Mat pixels(ImageFormat format, Header header, byte[] bytes) throws BadImageException {
    return switch (format) {
      case JPEG -> openCv(format, bytes, jpegFlags(header));
      case BMP -> openCv(format, bytes, Imgcodecs.IMREAD_COLOR);
      case PNG ->
          OnWhite.of(
              openCv(format, ExifOrientation.withoutPngExif(bytes), Imgcodecs.IMREAD_UNCHANGED));
      case WEBP ->
          animated(bytes)
              ? firstFrame(format, header, bytes)
              : OnWhite.of(openCv(format, bytes, Imgcodecs.IMREAD_UNCHANGED));
      case GIF -> firstFrame(format, header, bytes);
      case TIFF -> firstPage(header, bytes);
      case AVIF, HEIC -> throw new IllegalArgumentException("read by FFmpeg: " + format);
    };
  }

  /// Reads the stored pixels at the largest reduction that leaves at least {@link #LARGEST_SIDE}.
  /// Almost square pictures are not reduced: codes and fingerprints of all that were encoded so far
  /// depend on it.
  private static int jpegFlags(Header header) {
    int longest = Math.max(header.width(), header.height());
    int shortest = Math.min(header.width(), header.height());
    int reduction;
    if (longest - shortest > 0 && longest - shortest < 8) {
      reduction = Imgcodecs.IMREAD_COLOR;
    } else if (longest / 8 >= LARGEST_SIDE) {
      reduction = Imgcodecs.IMREAD_REDUCED_COLOR_8;
    } else if (longest / 4 >= LARGEST_SIDE) {
      reduction = Imgcodecs.IMREAD_REDUCED_COLOR_4;
    } else if (longest / 2 >= LARGEST_SIDE) {
      reduction = Imgcodecs.IMREAD_REDUCED_COLOR_2;
    } else {
      reduction = Imgcodecs.IMREAD_COLOR;
    }
    return reduction | Imgcodecs.IMREAD_IGNORE_ORIENTATION;
  }

  private static Mat openCv(ImageFormat format, byte[] bytes, int flags) throws BadImageException {
    MatOfByte file = new MatOfByte(bytes);
    try {
      Mat pixels = Imgcodecs.imdecode(file, flags);
      if (pixels.empty()) {
        throw damaged(format, "no pixels", null);
      }
      return pixels;
    } catch (CvException e) {
      if (NativeMemory.isExhausted(e)) {
        throw e;
      }
      throw damaged(format, String.valueOf(e.getMessage()), e);
    } finally {
      file.release();
    }
  }

  /// Extended WebP whose animation flag is set: OpenCV reads none of its frames.
  private static boolean animated(byte[] bytes) {
    return bytes.length > 20 && bytes[12] == 'V' && bytes[15] == 'X' && (bytes[20] & 2) != 0;
  }

  private Mat firstFrame(ImageFormat format, Header header, byte[] bytes) throws BadImageException {
    int bytesPerPixel = format == ImageFormat.GIF ? GIF_BYTES_PER_PIXEL : WEBP_BYTES_PER_PIXEL;
    try (HeapBudget.Share _ = heap.take(format, header.width(), header.height(), bytesPerPixel)) {
      return OnWhite.frame(read(format, bytes, ImageDecoder::frameWithContent));
    }
  }

  /// The first frame that is not blank and as large as the first; the first where there is none.
  private static BufferedImage frameWithContent(ImageReader reader) throws IOException {
    BufferedImage first = reader.read(0);
    if (!isBlank(first)) {
      return first;
    }
    for (int number = 1; number < MAX_BLANK_FRAMES; number++) {
      try {
        BufferedImage next = reader.read(number);
        boolean isWhole =
            next.getWidth() == first.getWidth() && next.getHeight() == first.getHeight();
        if (isWhole && !isBlank(next)) {
          return next;
        }
      } catch (IOException | RuntimeException e) {
        // There are no more, or what follows is damaged: the first is whole.
        return first;
      }
    }
    return first;
  }

  /// Whether all of some pixels, spread over the frame, have one colour.
  private static boolean isBlank(BufferedImage frame) {
    int step = Math.max(1, Math.min(frame.getWidth(), frame.getHeight()) / 64);
    int[] least = {255, 255, 255, 255};
    int[] most = {0, 0, 0, 0};
    for (int y = 0; y < frame.getHeight(); y += step) {
      for (int x = 0; x < frame.getWidth(); x += step) {
        int argb = frame.getRGB(x, y);
        for (int channel = 0; channel < least.length; channel++) {
          int level = argb >>> (8 * channel) & 0xFF;
          least[channel] = Math.min(least[channel], level);
          most[channel] = Math.max(most[channel], level);
          if (most[channel] - least[channel] > MAX_BLANK_SPREAD) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static boolean isBlank(Mat frame) {
    Mat channels = frame.reshape(1, Math.toIntExact(frame.total()));
    for (int channel = 0; channel < 3; channel++) {
      Core.MinMaxLocResult range = Core.minMaxLoc(channels.col(channel));
      if (range.maxVal - range.minVal > MAX_BLANK_SPREAD) {
        return false;
      }
    }
    return true;
  }

  private Mat firstPage(Header header, byte[] bytes) throws BadImageException {
    try (HeapBudget.Share _ =
        heap.take(ImageFormat.TIFF, header.width(), header.height(), TIFF_BYTES_PER_PIXEL)) {
      return OnWhite.frame(read(ImageFormat.TIFF, bytes, reader -> reader.read(0)));
    }
  }

  /// The picture itself, or a smaller copy. Releases its argument unless it is the result.
  private static Mat limited(Mat pixels) {
    int longest = Math.max(pixels.cols(), pixels.rows());
    if (longest <= LARGEST_SIDE) {
      return pixels;
    }
    Mat small = new Mat();
    Size size =
        new Size(
            Math.max(1, Math.round((double) pixels.cols() * LARGEST_SIDE / longest)),
            Math.max(1, Math.round((double) pixels.rows() * LARGEST_SIDE / longest)));
    Imgproc.resize(pixels, small, size, 0, 0, Imgproc.INTER_AREA);
    pixels.release();
    return small;
  }

  private static <T> T read(ImageFormat format, byte[] bytes, Reading<T> reading)
      throws BadImageException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.reader());
    if (!readers.hasNext()) {
      throw new IllegalStateException("no ImageIO reader for " + format);
    }
    ImageReader reader = readers.next();
    try (ImageInputStream in = new ByteArrayImageInputStream(bytes)) {
      reader.setInput(in, false, true);
      return reading.from(reader);
    } catch (IOException | RuntimeException e) {
      // Readers meet damaged files with whatever their parsing runs into.
      throw damaged(format, String.valueOf(e.getMessage()), e);
    } finally {
      reader.dispose();
    }
  }

  private static BadImageException damaged(
      ImageFormat format, String problem, @Nullable Exception cause) {
    String message = "image: damaged %s: %s".formatted(format, problem);
    return cause == null
        ? new BadImageException(Reason.UNDECODABLE, message)
        : new BadImageException(Reason.UNDECODABLE, message, cause);
  }

  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private record Header(int width, int height) {}
}

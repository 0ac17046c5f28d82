package dev.mekiki.encoding.decode;

import java.util.Arrays;
import java.util.Random;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;

/// A JPEG that is cut short, decoded as far as it goes. Decoders fill what is missing and do not
/// say where it begins: the file is decoded with two different endings, and the rows in which the
/// two pictures are the same are those that the file has.
final class PartialJpeg {
  private static final int PROGRESSIVE = 0xC2;
  private static final int SCAN = 0xDA;
  private static final byte[] END = {(byte) 0xFF, (byte) 0xD9};

  /// Enough for a row of blocks that differ from what decoders fill in.
  private static final int NOISE_BYTES = 4096;

  private PartialJpeg() {}

  /// The rows from the top that are there.
  ///
  /// @param flags of OpenCV's decoder
  /// @return 8 bits, blue, green, red, of the whole width; empty where nothing can be decoded
  static Mat decode(byte[] file, int flags) {
    byte[] whole = file[file.length - 1] == (byte) 0xFF ? withoutLast(file) : file;
    Mat picture = decoded(ended(whole, new byte[0]), flags);
    if (picture.empty() || hasWholeScan(whole)) {
      return picture;
    }
    Mat other = decoded(ended(whole, noise()), flags);
    int rows = commonRows(picture, other);
    other.release();
    Mat part = picture.rowRange(0, rows).clone();
    picture.release();
    return part;
  }

  private static byte[] withoutLast(byte[] file) {
    return Arrays.copyOf(file, file.length - 1);
  }

  /// Whether it is progressive and its first scan, which covers the picture coarsely, is followed
  /// by another.
  private static boolean hasWholeScan(byte[] file) {
    boolean isProgressive = false;
    int scans = 0;
    int at = 2;
    while (at + 3 < file.length) {
      int marker = file[at + 1] & 0xFF;
      boolean isSegment =
          (file[at] & 0xFF) == 0xFF
              && marker >= 0xC0
              && (marker < 0xD0 || marker > 0xD9)
              && marker != 0xFF;
      if (!isSegment) {
        at++;
        continue;
      }
      isProgressive |= marker == PROGRESSIVE;
      scans += marker == SCAN ? 1 : 0;
      at += 2 + (((file[at + 2] & 0xFF) << 8) | (file[at + 3] & 0xFF));
    }
    return isProgressive && scans > 1;
  }

  private static byte[] ended(byte[] file, byte[] noise) {
    byte[] ended = Arrays.copyOf(file, file.length + noise.length + END.length);
    System.arraycopy(noise, 0, ended, file.length, noise.length);
    System.arraycopy(END, 0, ended, file.length + noise.length, END.length);
    return ended;
  }

  /// The same on every call, without the byte that begins a marker.
  private static byte[] noise() {
    byte[] noise = new byte[NOISE_BYTES];
    new Random(1).nextBytes(noise);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = noise[i] == (byte) 0xFF ? 0x55 : noise[i];
    }
    return noise;
  }

  private static Mat decoded(byte[] file, int flags) {
    MatOfByte bytes = new MatOfByte(file);
    try {
      return Imgcodecs.imdecode(bytes, flags);
    } finally {
      bytes.release();
    }
  }

  private static int commonRows(Mat one, Mat other) {
    if (one.cols() != other.cols() || one.rows() != other.rows()) {
      return 0;
    }
    byte[] row = new byte[3 * one.cols()];
    byte[] otherRow = new byte[3 * one.cols()];
    for (int y = 0; y < one.rows(); y++) {
      one.get(y, 0, row);
      other.get(y, 0, otherRow);
      if (!Arrays.equals(row, otherRow)) {
        return y;
      }
    }
    return one.rows();
  }
}

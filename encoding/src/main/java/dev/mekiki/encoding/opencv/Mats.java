package dev.mekiki.encoding.opencv;

import java.util.ArrayList;
import java.util.List;
import org.opencv.core.Mat;

/// Native memory of one computation, released together.
public final class Mats implements AutoCloseable {
  private final List<Mat> all = new ArrayList<>();

  /// An empty matrix.
  public Mat add() {
    return add(new Mat());
  }

  /// Takes a matrix in.
  public <T extends Mat> T add(T mat) {
    all.add(mat);
    return mat;
  }

  /// The pixels of a matrix of 8 bits and one channel, row by row.
  public static byte[] bytes(Mat grey) {
    byte[] bytes = new byte[grey.rows() * grey.cols()];
    grey.get(0, 0, bytes);
    return bytes;
  }

  @Override
  public void close() {
    all.forEach(Mat::release);
    all.clear();
  }
}

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

  @Override
  public void close() {
    all.forEach(Mat::release);
    all.clear();
  }
}

package dev.mekiki.encoding.network;

/// What a network says of a picture from what it says of the picture's views. Training measures and
/// serving encodes with this code alike.
public final class ViewMean {
  private ViewMean() {}

  /// Mean over views of tanh of the hash layer's outputs, whose signs are the hash code: a view
  /// that is sure of a bit outweighs one that is not.
  ///
  /// @param outputs rows of outputs before tanh, view by view for each picture
  /// @param picture number of the picture
  /// @param views of each picture
  /// @param bits length of a row
  public static float[] hash(float[] outputs, int picture, int views, int bits) {
    float[] mean = new float[bits];
    for (int view = 0; view < views; view++) {
      int row = (picture * views + view) * bits;
      for (int i = 0; i < bits; i++) {
        mean[i] += (float) Math.tanh(outputs[row + i]) / views;
      }
    }
    return mean;
  }

  /// Mean over views of the features.
  ///
  /// @param features rows of features, view by view for each picture
  /// @param picture number of the picture
  /// @param views of each picture
  /// @param length of a row
  public static float[] features(float[] features, int picture, int views, int length) {
    float[] mean = new float[length];
    for (int view = 0; view < views; view++) {
      int row = (picture * views + view) * length;
      for (int i = 0; i < length; i++) {
        mean[i] += features[row + i] / views;
      }
    }
    return mean;
  }
}

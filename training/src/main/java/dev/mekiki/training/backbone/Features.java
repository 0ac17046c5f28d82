package dev.mekiki.training.backbone;

import dev.mekiki.training.data.WrongLabels;
import java.util.Arrays;
import java.util.List;

/// Features of pictures of known classes.
///
/// @param rows one for each picture, all of one length; not copied
/// @param labels class of each; not copied
/// @param classNames by class id
@SuppressWarnings("ArrayRecordComponent") // a data set, never compared
public record Features(float[][] rows, int[] labels, List<String> classNames) {
  public Features {
    classNames = List.copyOf(classNames);
  }

  int size() {
    return rows.length;
  }

  public int length() {
    return rows[0].length;
  }

  /// The rows at the given positions, in that order.
  public Features subset(List<Integer> positions) {
    return new Features(
        positions.stream().map(i -> rows[i]).toArray(float[][]::new),
        positions.stream().mapToInt(i -> labels[i]).toArray(),
        classNames);
  }

  /// The rows from one position on.
  ///
  /// @param count of them
  Features range(int from, int count) {
    return new Features(
        Arrays.copyOfRange(rows, from, from + count),
        Arrays.copyOfRange(labels, from, from + count),
        classNames);
  }

  /// The same pictures, a share of them under the name of another class, as {@link WrongLabels}
  /// draws them.
  ///
  /// @param share 0 to 1
  public Features mislabelled(double share, long seed) {
    return new Features(rows, WrongLabels.of(labels, classNames.size(), share, seed), classNames);
  }
}

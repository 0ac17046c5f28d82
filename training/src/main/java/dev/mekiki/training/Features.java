package dev.mekiki.training;

import java.util.List;

/// Features of pictures of known classes.
///
/// @param rows one for each picture, all of one length; not copied
/// @param labels class of each; not copied
/// @param classNames by class id
@SuppressWarnings("ArrayRecordComponent") // a data set, never compared
record Features(float[][] rows, int[] labels, List<String> classNames) {
  Features {
    classNames = List.copyOf(classNames);
  }

  int size() {
    return rows.length;
  }

  int length() {
    return rows[0].length;
  }

  /// The rows at the given positions, in that order.
  Features subset(List<Integer> positions) {
    return new Features(
        positions.stream().map(i -> rows[i]).toArray(float[][]::new),
        positions.stream().mapToInt(i -> labels[i]).toArray(),
        classNames);
  }
}

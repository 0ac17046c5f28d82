package dev.mekiki.training;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

  /// The rows from one position on.
  ///
  /// @param count of them
  Features range(int from, int count) {
    return new Features(
        Arrays.copyOfRange(rows, from, from + count),
        Arrays.copyOfRange(labels, from, from + count),
        classNames);
  }

  /// The same pictures, a share of them under the name of another class: which ones and which class
  /// follow from the seed, every other class being as likely.
  ///
  /// @param share 0 to 1; with one seed a larger one mislabels what a smaller one does too
  Features mislabelled(double share, long seed) {
    Random random = new Random(seed);
    List<Integer> order = IntStream.range(0, size()).boxed().collect(Collectors.toList());
    Collections.shuffle(order, random);
    int[] wrong = labels.clone();
    for (int i : order.subList(0, (int) Math.round(share * size()))) {
      int other = random.nextInt(classNames.size() - 1);
      wrong[i] = other < labels[i] ? other : other + 1;
    }
    return new Features(rows, wrong, classNames);
  }
}

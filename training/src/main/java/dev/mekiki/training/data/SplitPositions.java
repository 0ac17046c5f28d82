package dev.mekiki.training.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Where the pictures of two parts of a data set stand in it. Training and evaluation later find
/// the same ones held out by the same seed.
///
/// @param training positions of what to learn from, in a seeded random order
/// @param test positions of what to measure with, likewise
public record SplitPositions(List<Integer> training, List<Integer> test) {
  public SplitPositions {
    training = List.copyOf(training);
    test = List.copyOf(test);
  }

  /// Cuts a data set in two by a seeded shuffle, each class in the same proportion. A class of a
  /// single picture goes into the first part.
  ///
  /// @param labels class id of each picture, 0 to classes - 1
  /// @param share of the pictures that goes into the second part, above 0 and below 1
  public static SplitPositions of(int[] labels, int classes, double share, long seed) {
    List<Integer> order = new ArrayList<>(labels.length);
    int[] sizes = new int[classes];
    for (int i = 0; i < labels.length; i++) {
      order.add(i);
      sizes[labels[i]]++;
    }
    Collections.shuffle(order, new Random(seed));
    int[] seen = new int[classes];
    double[] rank = new double[labels.length];
    for (int i : order) {
      int label = labels[i];
      rank[i] = sizes[label] == 1 ? 1 : (seen[label]++ + 0.5) / sizes[label];
    }
    int held = (int) Math.round(labels.length * share);
    List<Integer> ranked = order.stream().sorted(Comparator.comparingDouble(i -> rank[i])).toList();
    Set<Integer> test = new HashSet<>(ranked.subList(0, held));
    return new SplitPositions(
        order.stream().filter(i -> !test.contains(i)).toList(),
        order.stream().filter(test::contains).toList());
  }
}

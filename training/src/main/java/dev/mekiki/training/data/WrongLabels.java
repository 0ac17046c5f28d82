package dev.mekiki.training.data;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Labels of which some name another class: what mistakes of people do to a data set.
public final class WrongLabels {
  private WrongLabels() {}

  /// Labels a share of all pictures wrongly: which ones, and as which class, follows from the seed,
  /// every other class being as likely. A class that all of its pictures would leave keeps one.
  ///
  /// @param labels class of each picture; left as they are
  /// @param classes number of them, at least 2
  /// @param share 0 to 1; with one seed a larger one mislabels what a smaller one does too
  public static int[] of(int[] labels, int classes, double share, long seed) {
    Random random = new Random(seed);
    List<Integer> order = IntStream.range(0, labels.length).boxed().collect(Collectors.toList());
    Collections.shuffle(order, random);
    List<Integer> chosen = order.subList(0, (int) Math.round(share * labels.length));
    int[] wrong = labels.clone();
    for (int i : chosen) {
      int other = random.nextInt(classes - 1);
      wrong[i] = other < labels[i] ? other : other + 1;
    }
    int[] sizes = new int[classes];
    for (int label : wrong) {
      sizes[label]++;
    }
    // A picture that goes back may leave the class empty that it was in.
    boolean back = true;
    while (back) {
      back = false;
      for (int i : chosen) {
        if (sizes[labels[i]] == 0) {
          sizes[wrong[i]]--;
          wrong[i] = labels[i];
          sizes[labels[i]]++;
          back = true;
        }
      }
    }
    return wrong;
  }
}

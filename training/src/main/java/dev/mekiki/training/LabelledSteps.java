package dev.mekiki.training;

import java.util.List;
import java.util.Random;

/// Which labelled pictures are in which step of a stage, in an order by the seed that has each
/// class equally often.
final class LabelledSteps {
  private final LabelledImages training;
  private final int[] labels;
  private final long seed;
  private List<Integer> order = List.of();
  private int next;

  /// @param batchSize labelled pictures in a step, or all there are if these are fewer
  LabelledSteps(LabelledImages training, int batchSize, long seed) {
    this.training = training;
    this.labels = new int[Math.min(batchSize, training.size())];
    this.seed = seed;
  }

  interface Alone {
    /// Writes a picture into the batch, in one view.
    ///
    /// @param row of the view, from 0
    void put(int image, int row);
  }

  interface Pair {
    /// Writes a picture and its edited copy into the batch.
    ///
    /// @param row of the picture, from 0
    /// @param copy number of the copy, from 0
    void put(int image, int row, int copy);
  }

  /// Labelled pictures in a step.
  int size() {
    return labels.length;
  }

  int perEpoch() {
    return training.balancedSize() / labels.length;
  }

  /// Starts over with an order of its own.
  ///
  /// @param epoch from 1
  /// @return chance for the views of the epoch
  Random beginEpoch(int epoch) {
    order = training.balanced(seed + epoch);
    next = 0;
    return new Random(~(seed + epoch));
  }

  /// Takes the pictures of the next step.
  void next(Alone alone) {
    for (int row = 0; row < labels.length; row++) {
      int image = order.get(next++);
      labels[row] = training.labels()[image];
      alone.put(image, row);
    }
  }

  /// Takes the pictures of the next step.
  ///
  /// @param copies how many of them, the last ones, come with an edited copy
  void next(int copies, Alone alone, Pair pair) {
    int single = labels.length - copies;
    next((image, row) -> {
      if (row < single) {
        alone.put(image, row);
      } else {
        pair.put(image, row, row - single);
      }
    });
  }

  /// The classes of the pictures taken last, one for each row.
  int[] labels() {
    return labels;
  }
}

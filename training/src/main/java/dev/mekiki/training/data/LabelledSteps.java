package dev.mekiki.training.data;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/// The labelled pictures of a stage, step by step, in an order by the seed that has each class
/// equally often.
public final class LabelledSteps {
  private final LabelledImages training;
  private final int size;
  private final long seed;
  private final Filling filling;
  private Prefetcher<Step> steps =
      new Prefetcher<>(0, number -> new Step(new int[0], new float[0]));

  /// @param batchSize labelled pictures in a step, or all there are if these are fewer
  public LabelledSteps(LabelledImages training, int batchSize, long seed, Filling filling) {
    this.training = training;
    this.size = Math.min(batchSize, training.size());
    this.seed = seed;
    this.filling = filling;
  }

  /// Makes what the network reads.
  public interface Filling {
    /// The inputs of one step. Called by several threads at a time.
    ///
    /// @param images numbers of its pictures
    /// @param random chance of this step alone
    float[] of(int[] images, Random random);
  }

  /// One step.
  ///
  /// @param labels classes of its pictures
  /// @param inputs of the network, as {@link Filling} makes them
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record Step(int[] labels, float[] inputs) {}

  /// Labelled pictures in a step.
  public int size() {
    return size;
  }

  public int perEpoch() {
    return training.balancedSize() / size;
  }

  /// Starts over with an order of its own.
  ///
  /// @param epoch from 1
  public void beginEpoch(int epoch) {
    List<Integer> order = training.balanced(seed + epoch);
    long[] chances = new SplittableRandom(~(seed + epoch)).longs(perEpoch()).toArray();
    steps =
        new Prefetcher<>(perEpoch(), number -> step(order, number, new Random(chances[number])));
  }

  private Step step(List<Integer> order, int number, Random random) {
    int[] images = new int[size];
    int[] labels = new int[size];
    for (int row = 0; row < size; row++) {
      images[row] = order.get(number * size + row);
      labels[row] = training.labels()[images[row]];
    }
    return new Step(labels, filling.of(images, random));
  }

  /// The next step of the epoch.
  public Step next() {
    return steps.next();
  }
}

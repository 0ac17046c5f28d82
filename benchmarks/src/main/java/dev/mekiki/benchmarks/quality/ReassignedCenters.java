package dev.mekiki.benchmarks.quality;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.backbone.FeatureHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Centers that are assigned to the classes again after an epoch, by the codes of the epoch:
/// center-reassigned hashing, CRH (Yin et al., "Codebook-Centric Deep Hashing", AAAI 2026, arXiv
/// 2511.12162). Similar classes have similar codes before training separates them, and so come to
/// have near centers; nothing has to be known of the classes before.
///
/// In each head of a {@link MultiHeadCodebook} the classes choose in random order. Each takes the
/// free code z with the least mean of |b - z|^2 over the signs b that its pictures' outputs had in
/// the epoch, which is the one with the greatest product with their sum. It is the paper's greedy
/// assignment; a class without pictures takes the first code that is free.
///
/// They are given anew after each of the first 20 epochs, then after each fifth. Mutable, of one
/// training.
final class ReassignedCenters implements FeatureHead.Loss {
  private static final int ALWAYS_UNTIL = 20;
  private static final int THEN_EACH = 5;

  private final int classes;
  private final int bits;
  private final long seed;
  private final MultiHeadCodebook codebook;
  private final LossOfCenters loss;
  private final float[][] sums;
  private boolean gathered;
  private float[] rows;

  /// @param classes at least 1
  /// @param seed of codebook and orders
  /// @param loss toward the centers that there are
  ReassignedCenters(int classes, int bits, long seed, LossOfCenters loss) {
    this.classes = classes;
    this.bits = bits;
    this.seed = seed;
    this.codebook = new MultiHeadCodebook(bits, classes, seed);
    this.loss = loss;
    this.sums = new float[classes][bits];
    this.rows = new float[classes * bits];
    for (int head = 0; head < codebook.heads(); head++) {
      for (int one = 0; one < classes; one++) {
        give(head, one, one, rows);
      }
    }
  }

  /// The loss of one batch toward centers that may have changed since the last.
  interface LossOfCenters {
    /// A scalar.
    ///
    /// @param centers (classes, bits) of -1 and 1
    NDArray of(NDArray outputs, int[] labels, float[] centers, NDManager manager);
  }

  @Override
  public NDArray of(NDArray outputs, int[] labels, NDManager manager) {
    gather(outputs.toFloatArray(), labels);
    return loss.of(outputs, labels, rows, manager);
  }

  private void gather(float[] outputs, int[] labels) {
    for (int i = 0; i < labels.length; i++) {
      float[] sum = sums[labels[i]];
      for (int bit = 0; bit < bits; bit++) {
        sum[bit] += outputs[i * bits + bit] > 0 ? 1 : -1;
      }
    }
    gathered = true;
  }

  @Override
  public void beginEpoch(int epoch) {
    int done = epoch - 1;
    if (gathered && (done <= ALWAYS_UNTIL || done % THEN_EACH == 0)) {
      reassign(new Random(seed + epoch));
    }
    for (float[] sum : sums) {
      Arrays.fill(sum, 0);
    }
    gathered = false;
  }

  private void reassign(Random random) {
    float[] anew = new float[rows.length];
    List<Integer> order = new ArrayList<>();
    for (int one = 0; one < classes; one++) {
      order.add(one);
    }
    for (int head = 0; head < codebook.heads(); head++) {
      Collections.shuffle(order, random);
      boolean[] taken = new boolean[codebook.size()];
      for (int one : order) {
        int code = best(head, sums[one], taken);
        taken[code] = true;
        give(head, one, code, anew);
      }
    }
    rows = anew;
  }

  private int best(int head, float[] sum, boolean[] taken) {
    int best = -1;
    float greatest = Float.NEGATIVE_INFINITY;
    for (int code = 0; code < taken.length; code++) {
      float product = 0;
      for (int bit = 0; bit < codebook.length(); bit++) {
        product += codebook.sign(head, code, bit) * sum[head * codebook.length() + bit];
      }
      if (!taken[code] && product > greatest) {
        greatest = product;
        best = code;
      }
    }
    return best;
  }

  private void give(int head, int one, int code, float[] into) {
    for (int bit = 0; bit < codebook.length(); bit++) {
      into[one * bits + head * codebook.length() + bit] = codebook.sign(head, code, bit);
    }
  }

  /// Those that the last batch was drawn to, one for each class.
  List<HashCode> centers() {
    List<HashCode> centers = new ArrayList<>();
    for (int one = 0; one < classes; one++) {
      centers.add(HashCode.fromOutputs(Arrays.copyOfRange(rows, one * bits, (one + 1) * bits)));
    }
    return centers;
  }
}

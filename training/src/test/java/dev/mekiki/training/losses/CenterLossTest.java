package dev.mekiki.training.losses;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.training.losses.CenterLoss.BatchShape;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class CenterLossTest {
  private static final BatchShape SHAPE = new BatchShape(3, 1, 2);
  private static final int BITS = 4;
  private static final float[] OUTPUTS = {
    0.3f, -0.2f, 0.9f, -1.1f, // labelled, rows 0 to 2
    -0.7f, 0.4f, 0.1f, 0.6f,
    1.2f, 0.8f, -0.5f, -0.3f,
    0.2f, 0.5f, -0.4f, 0.7f, // negatives, rows 3 and 4
    -0.6f, 0.3f, 0.8f, -0.9f,
    0.9f, 0.7f, -0.1f, -0.6f, // copy of row 2
    0.1f, 0.6f, -0.2f, 0.4f, // copies of the negatives
    -0.5f, 0.2f, 0.9f, -1.0f
  };

  @Test
  void bitsDrawLabelledPicturesAlone() {
    assertThat(rowsWithGradient(new LossWeights(1, 0, 0, 0, 0)))
        .containsExactly(true, true, true, false, false, false, false, false);
  }

  @Test
  void classesDrawLabelledPicturesAlone() {
    assertThat(rowsWithGradient(new LossWeights(0, 1, 0, 0, 0)))
        .containsExactly(true, true, true, false, false, false, false, false);
  }

  @Test
  void quantisationDrawsAllRows() {
    assertThat(rowsWithGradient(new LossWeights(0, 0, 1, 0, 0))).doesNotContain(false);
  }

  @Test
  void consistencyDrawsPicturesAndTheirCopies() {
    assertThat(rowsWithGradient(new LossWeights(0, 0, 0, 1, 0)))
        .containsExactly(false, false, true, true, true, true, true, true);
  }

  @Test
  void separationUsesPlainNegativesOnly() {
    assertThat(rowsWithGradient(new LossWeights(0, 0, 0, 0, 1)))
        .containsExactly(false, false, false, true, true, false, false, false);
  }

  @Test
  void valueIsThatOfTheFormulas() {
    double bits = 0;
    double quantisation = 0;
    double consistency = 0;
    int[][] centers = {{1, -1, 1, -1}, {-1, 1, -1, 1}};
    for (int row = 0; row < SHAPE.rows(); row++) {
      for (int bit = 0; bit < BITS; bit++) {
        double u = u(row, bit);
        quantisation += (Math.abs(u) - 1) * (Math.abs(u) - 1) / (SHAPE.rows() * BITS);
        if (row < 3) {
          double target = (centers[row % 2][bit] + 1) / 2.0;
          double p = (u + 1) / 2;
          bits -= (target * Math.log(p) + (1 - target) * Math.log(1 - p)) / (3 * BITS);
        }
      }
    }
    for (int pair = 0; pair < 3; pair++) {
      for (int bit = 0; bit < BITS; bit++) {
        consistency += Math.pow(u(2 + pair, bit) - u(5 + pair, bit), 2) / (3 * BITS);
      }
    }

    assertThat(value(new LossWeights(1, 0, 0, 0, 0))).isCloseTo((float) bits, Offset.offset(1e-5f));
    assertThat(value(new LossWeights(0, 0, 1, 0, 0)))
        .isCloseTo((float) quantisation, Offset.offset(1e-5f));
    assertThat(value(new LossWeights(0, 0, 0, 1, 0)))
        .isCloseTo((float) consistency, Offset.offset(1e-5f));
  }

  private static double u(int row, int bit) {
    return Math.tanh(OUTPUTS[row * BITS + bit]);
  }

  private static float value(LossWeights weights) {
    PyTorch.start(1);
    try (NDManager manager = NDManager.newBaseManager()) {
      return loss(manager, outputs(manager), weights).getFloat();
    }
  }

  private static Boolean[] rowsWithGradient(LossWeights weights) {
    Engine engine = PyTorch.start(1);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray outputs = outputs(manager);
      outputs.setRequiresGradient(true);
      try (GradientCollector collector = engine.newGradientCollector()) {
        collector.backward(loss(manager, outputs, weights));
      }
      float[] gradient = outputs.getGradient().toFloatArray();
      Boolean[] rows = new Boolean[SHAPE.rows()];
      Arrays.setAll(
          rows,
          row -> {
            boolean any = false;
            for (int bit = 0; bit < BITS; bit++) {
              any |= gradient[row * BITS + bit] != 0;
            }
            return any;
          });
      return rows;
    }
  }

  private static NDArray outputs(NDManager manager) {
    return manager.create(OUTPUTS, new Shape(SHAPE.rows(), BITS));
  }

  private static NDArray loss(NDManager manager, NDArray outputs, LossWeights weights) {
    NDArray classes = manager.create(new float[] {1, 0, 0, 1, 1, 0}, new Shape(3, 2));
    NDArray centers = manager.create(new float[] {1, -1, 1, -1, -1, 1, -1, 1}, new Shape(2, BITS));
    return new CenterLoss(weights, SHAPE).evaluate(outputs, classes, centers);
  }
}

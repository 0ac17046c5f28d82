package dev.mekiki.training.losses;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.mekiki.encoding.network.PyTorch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class AdaptationLossTest {
  private static final int PICTURES = 2;
  private static final int KEPT = 1;
  private static final int BITS = 3;
  private static final float[] OUTPUTS = {
    0.3f, -0.2f, 0.9f, // plain, rows 0 and 1
    -0.7f, 0.4f, 0.1f,
    0.2f, 0.5f, -0.4f, // edited, rows 2 and 3
    -0.6f, 0.3f, 0.8f,
    0.9f, -0.7f, -0.1f, // kept, row 4
  };
  private static final float[] CODES = {1, 0, 1, 0, 1, 0};
  private static final float[] KEPT_BITS = {0.9f, 0.2f, 0.5f};

  @Test
  void valueIsThatOfTheFormulas() {
    double bits = 0;
    double quantisation = 0;
    double keeping = 0;
    for (int i = 0; i < PICTURES * BITS; i++) {
      bits += crossEntropy(OUTPUTS[i], CODES[i]) / (PICTURES * BITS);
      bits += crossEntropy(OUTPUTS[PICTURES * BITS + i], CODES[i]) / (PICTURES * BITS);
      double distance = Math.abs(Math.tanh(OUTPUTS[i])) - 1;
      quantisation += distance * distance / (PICTURES * BITS);
    }
    for (int i = 0; i < KEPT * BITS; i++) {
      keeping += crossEntropy(OUTPUTS[2 * PICTURES * BITS + i], KEPT_BITS[i]) / (KEPT * BITS);
    }

    assertThat(value(0, 0)).isCloseTo((float) bits, Offset.offset(1e-5f));
    assertThat(value(2, 0)).isCloseTo((float) (bits + 2 * quantisation), Offset.offset(1e-5f));
    assertThat(value(0, 3)).isCloseTo((float) (bits + 3 * keeping), Offset.offset(1e-5f));
  }

  @Test
  void picturesAndCopiesAreDrawnAndKeptOnesByTheirWeight() {
    assertThat(rowsWithGradient(0)).containsExactly(true, true, true, true, false);
    assertThat(rowsWithGradient(1)).containsExactly(true, true, true, true, true);
  }

  @Test
  void nothingNeedBeKept() {
    PyTorch.start(1);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray outputs =
          manager.create(
              Arrays.copyOf(OUTPUTS, 2 * PICTURES * BITS), new Shape(2L * PICTURES, BITS));
      float value =
          new AdaptationLoss(0, 1)
              .evaluate(
                  outputs,
                  manager.create(CODES, new Shape(PICTURES, BITS)),
                  manager.create(new float[0], new Shape(0, BITS)))
              .getFloat();

      assertThat(value).isEqualTo(value(0, 0));
    }
  }

  /// Of (tanh(z) + 1) / 2 toward a bit.
  private static double crossEntropy(double z, double bit) {
    double p = (Math.tanh(z) + 1) / 2;
    return -bit * Math.log(p) - (1 - bit) * Math.log(1 - p);
  }

  private static float value(float quantisation, float keeping) {
    PyTorch.start(1);
    try (NDManager manager = NDManager.newBaseManager()) {
      return loss(manager, outputs(manager), quantisation, keeping).getFloat();
    }
  }

  private static List<Boolean> rowsWithGradient(float keeping) {
    Engine engine = PyTorch.start(1);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray outputs = outputs(manager);
      outputs.setRequiresGradient(true);
      try (GradientCollector collector = engine.newGradientCollector()) {
        collector.backward(loss(manager, outputs, 0, keeping));
      }
      float[] gradient = outputs.getGradient().toFloatArray();
      return IntStream.range(0, 2 * PICTURES + KEPT)
          .mapToObj(
              row -> IntStream.range(0, BITS).anyMatch(bit -> gradient[row * BITS + bit] != 0))
          .toList();
    }
  }

  private static NDArray outputs(NDManager manager) {
    return manager.create(OUTPUTS, new Shape(2L * PICTURES + KEPT, BITS));
  }

  private static NDArray loss(
      NDManager manager, NDArray outputs, float quantisation, float keeping) {
    return new AdaptationLoss(quantisation, keeping)
        .evaluate(
            outputs,
            manager.create(CODES, new Shape(PICTURES, BITS)),
            manager.create(KEPT_BITS, new Shape(KEPT, BITS)));
  }
}

package dev.mekiki.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.encoding.network.PyTorch;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class MomentumOptimizerTest {
  /// Weight 1, gradient 0.5, decay 0.1, rate 0.2: v = 0.6, w = 0.88; then v = 0.54 + 0.5 + 0.088 =
  /// 1.128, w = 0.6544.
  @Test
  void stepsAreThoseComputedByHand() {
    PyTorch.start(1);
    try (NDManager manager = NDManager.newBaseManager()) {
      MomentumOptimizer optimizer = new MomentumOptimizer(manager, 0.1f);
      optimizer.setRate(0.2f);
      NDArray weight = manager.create(new float[] {1}, new Shape(1, 1));

      optimizer.update("w", weight, manager.create(new float[] {0.5f}, new Shape(1, 1)));
      assertThat(weight.getFloat(0, 0)).isCloseTo(0.88f, Offset.offset(1e-6f));
      optimizer.update("w", weight, manager.create(new float[] {0.5f}, new Shape(1, 1)));
      assertThat(weight.getFloat(0, 0)).isCloseTo(0.6544f, Offset.offset(1e-6f));
    }
  }

  @Test
  void biasesDoNotDecay() {
    PyTorch.start(1);
    try (NDManager manager = NDManager.newBaseManager()) {
      MomentumOptimizer optimizer = new MomentumOptimizer(manager, 0.1f);
      optimizer.setRate(0.2f);
      NDArray bias = manager.create(new float[] {1});

      optimizer.update("b", bias, manager.create(new float[] {0.5f}));

      assertThat(bias.getFloat(0)).isCloseTo(0.9f, Offset.offset(1e-6f));
    }
  }
}

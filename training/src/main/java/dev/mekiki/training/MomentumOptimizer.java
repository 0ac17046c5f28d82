package dev.mekiki.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.optimizer.Optimizer;
import java.util.HashMap;
import java.util.Map;

/// Stochastic gradient descent with momentum, whose state can be saved: the engine's own keeps it
/// to itself. With velocity v, gradient g and weight w a step is
///
///     v = 0.9 v + g + decay w
///     w = w - rate v
///
/// Tensors of one dimension (biases, scales and shifts of normalisation) do not decay.
final class MomentumOptimizer extends Optimizer {
  private static final float MOMENTUM = 0.9f;

  private final NDManager manager;
  private final float weightDecay;
  private final Map<String, NDArray> velocities = new HashMap<>();
  private float rate;

  /// @param manager that the velocities will belong to
  MomentumOptimizer(NDManager manager, float weightDecay) {
    super(new Builder());
    this.manager = manager;
    this.weightDecay = weightDecay;
  }

  /// Sets the learning rate of the steps that follow.
  void setRate(float rate) {
    this.rate = rate;
  }

  @Override
  public void update(String parameterId, NDArray weight, NDArray gradient) {
    float decay = weight.getShape().dimension() > 1 ? weightDecay : 0;
    weight
        .getNDArrayInternal()
        .sgdUpdate(
            new NDList(weight, gradient, velocity(parameterId, weight)),
            new NDList(weight),
            rate,
            decay,
            rescaleGrad,
            clipGrad,
            MOMENTUM,
            true);
  }

  /// The velocity of a parameter, zero before its first step; written to by {@link #update}.
  NDArray velocity(String parameterId, NDArray weight) {
    return velocities.computeIfAbsent(parameterId, id -> manager.zeros(weight.getShape()));
  }

  private static final class Builder extends OptimizerBuilder<Builder> {
    @Override
    protected Builder self() {
      return this;
    }
  }
}

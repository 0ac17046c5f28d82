package dev.mekiki.training.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.optimizer.Optimizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Stochastic gradient descent with momentum, whose state can be saved: the engine's own keeps it
/// to itself. With velocity v, gradient g and weight w a step is
///
///     v = 0.9 v + g + decay w
///     w = w - rate v
///
/// Gradients whose norm over all weights is above a limit are shortened to it (Pascanu et al., "On the
/// difficulty of training recurrent neural networks", 2013): the first steps of a new layer on
/// large features would throw the weights out of reach.
///
/// Tensors of one dimension (biases, scales and shifts of normalisation) do not decay.
final class MomentumOptimizer extends Optimizer {
  private static final float MOMENTUM = 0.9f;
  private static final float MAX_NORM = 5;

  private final NDManager manager;
  private final float weightDecay;
  private final Map<String, NDArray> velocities = new HashMap<>();
  private final Map<String, Float> rateShares = new HashMap<>();
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

  /// Sets the share of the learning rate that a parameter learns at; 1 by default.
  void setRateShare(String parameterId, float share) {
    rateShares.put(parameterId, share);
  }

  /// Shortens the gradients of the step that follows, where they are too long.
  ///
  /// @param weights all that it will update
  void limit(List<NDArray> weights) {
    // The norm of the norms, asked for once: a GPU stands still while it is asked.
    try (NDManager scratch = manager.newSubManager()) {
      NDList norms = new NDList(weights.size());
      for (NDArray weight : weights) {
        NDArray gradient = weight.getGradient();
        gradient.attach(scratch);
        norms.add(gradient.norm());
      }
      rescaleGrad = Math.min(1, MAX_NORM / NDArrays.stack(norms).norm().getFloat());
    }
  }

  @Override
  public void update(String parameterId, NDArray weight, NDArray gradient) {
    float decay = weight.getShape().dimension() > 1 ? weightDecay : 0;
    weight
        .getNDArrayInternal()
        .sgdUpdate(
            new NDList(weight, gradient, velocity(parameterId, weight)),
            new NDList(weight),
            rate * rateShares.getOrDefault(parameterId, 1f),
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

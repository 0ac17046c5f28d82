package dev.mekiki.training.network;

import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Inference with residual networks, which need nothing beside their weights.
public final class ResidualInference implements Inference {
  private final TrainingDevice device;

  public ResidualInference(TrainingDevice device) {
    this.device = device;
  }

  @Override
  public void outputs(
      TrainedNetwork network, LabelledImages images, NetworkOutputs.Receiver receiver) {
    NetworkOutputs.of(network, images, device, receiver);
  }

  @Override
  public @Nullable BackboneFile backbone() {
    return null;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }
}

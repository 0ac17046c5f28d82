package dev.mekiki.training.loop;

import ai.djl.Device;
import dev.mekiki.encoding.network.PyTorch;

/// Where a training computes.
public final class TrainingDevice {
  /// The CPU, with all its cores.
  public static final TrainingDevice CPU = new TrainingDevice(Device.cpu());

  private final Device device;

  private TrainingDevice(Device device) {
    this.device = device;
  }

  /// The device of a name. Starts the engine.
  ///
  /// @param name as the encoder service knows it: `auto` (the first GPU, else the CPU), `cpu` or
  ///   `gpu:N`
  /// @throws IllegalArgumentException where it is none of these
  /// @throws IllegalStateException where that device is not there
  public static TrainingDevice named(String name) {
    PyTorch.requireDeviceName(name);
    return new TrainingDevice(
        PyTorch.device(PyTorch.start(Runtime.getRuntime().availableProcessors()), name));
  }

  public Device device() {
    return device;
  }
}

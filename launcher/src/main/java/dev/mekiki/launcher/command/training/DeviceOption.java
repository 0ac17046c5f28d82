package dev.mekiki.launcher.command.training;

import dev.mekiki.runtime.StartException;
import dev.mekiki.training.loop.TrainingDevice;
import picocli.CommandLine.Option;

/// Where a training computes.
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "Where it computes: auto (a GPU if there is one, else the CPU), cpu or gpu:N "
              + "(default: ${DEFAULT-VALUE}).")
  private String device = "auto";

  /// @param what of whom errors are, such as `training`
  /// @throws StartException where there is no such device
  TrainingDevice device(String what) {
    try {
      return TrainingDevice.named(device);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new StartException(what + ": " + e.getMessage(), e);
    }
  }
}

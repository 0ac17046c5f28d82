package dev.mekiki.launcher.allinone;

import java.nio.file.Path;
import java.util.Map;

/// What an all-in-one process needs to know beside its services' configuration.
///
/// @param data the directory that state is kept in
/// @param brokerPort where the embedded broker listens, 0 for a free port; of no account where the
///   user has named a Kafka
/// @param presets values of configuration keys that the user has not set
public record AllInOneSettings(Path data, int brokerPort, Map<String, String> presets) {
  /// Kafka's usual port.
  public static final int BROKER_PORT = 9092;

  public AllInOneSettings {
    data = data.toAbsolutePath().normalize();
    presets = Map.copyOf(presets);
  }
}

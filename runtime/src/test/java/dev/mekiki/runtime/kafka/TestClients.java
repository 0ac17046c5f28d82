package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.config.ImageLimits;
import dev.mekiki.runtime.config.KafkaConfig;
import io.smallrye.config.ConfigMapping;
import java.util.Map;

/// Clients configured as a service would.
public final class TestClients {
  private TestClients() {}

  /// What clients need of a service's configuration.
  @ConfigMapping(prefix = "mekiki")
  public interface ClientsConfig {
    KafkaConfig kafka();

    ImageLimits images();
  }

  /// Clients of the given keys.
  public static KafkaClients of(Map<String, String> values) {
    ClientsConfig config = Configuration.of(ClientsConfig.class, values);
    return new KafkaClients(config.kafka(), config.images());
  }
}

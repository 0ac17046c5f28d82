package dev.mekiki.runtime.server;

import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.config.Converters;
import dev.mekiki.runtime.config.ListenConfig;
import dev.mekiki.runtime.config.ServerConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Map;

/// Access as a service configures it.
final class TestAccess {
  private TestAccess() {}

  /// What of a service's configuration decides about it.
  @ConfigMapping(prefix = "mekiki")
  public interface SampleConfig {
    ServerConfig server();

    Sample sample();

    /// The service's own group.
    interface Sample extends ListenConfig {
      @Override
      @WithDefault("127.0.0.1")
      String host();

      @Override
      @WithConverter(Converters.Port.class)
      @WithDefault("0")
      int port();
    }
  }

  static Access of(Map<String, String> keys) {
    SampleConfig config = Configuration.of(SampleConfig.class, keys);
    return Access.of("sample", config.sample(), config.server());
  }

  static ClientAccess toPeers(Map<String, String> keys) {
    return ClientAccess.toPeers(Configuration.of(SampleConfig.class, keys).server());
  }
}

package dev.mekiki.runtime.server;

import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.config.Converters;
import dev.mekiki.runtime.config.ListenConfig;
import dev.mekiki.runtime.config.ServerConfig;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncoderGrpc;
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

  /// Connections to one service, the caller's to close.
  static ClientFactory connections(ClientAccess access) {
    return access.connections(ClientFactory.builder()).build();
  }

  /// The network that an encoder at an address answers with.
  static String encode(ClientAccess access, String address) {
    try (ClientFactory connections = connections(access)) {
      return access
          .grpc(address)
          .factory(connections)
          .build(EncoderGrpc.EncoderBlockingStub.class)
          .encode(EncodeRequest.getDefaultInstance())
          .getNetwork();
    }
  }

  static ClientAccess toPeers(Map<String, String> keys) {
    return ClientAccess.toPeers(Configuration.of(SampleConfig.class, keys).server());
  }
}

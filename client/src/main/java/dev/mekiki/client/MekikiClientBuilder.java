package dev.mekiki.client;

import com.linecorp.armeria.client.ClientFactoryBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// How a {@link MekikiClient} calls. Not thread-safe.
public final class MekikiClientBuilder {
  final String server;
  @Nullable String token;
  Duration timeout = Duration.ofSeconds(60);
  int attempts = 5;
  Duration streamPatience = Duration.ofMinutes(5);
  UnaryOperator<ClientFactoryBuilder> connections = UnaryOperator.identity();

  MekikiClientBuilder(String server) {
    this.server = server;
  }

  /// The token to name. None by default.
  public MekikiClientBuilder token(String value) {
    token = value;
    return this;
  }

  /// The authorities that vouch for the service's certificate, as PEM. By default those that Java
  /// trusts.
  public MekikiClientBuilder trustFile(Path file) {
    return connections(builder -> builder.tlsCustomizer(tls -> tls.trustManager(file.toFile())));
  }

  /// Changes how connections are made, for what has no method of its own here.
  public MekikiClientBuilder connections(UnaryOperator<ClientFactoryBuilder> change) {
    connections = change;
    return this;
  }

  /// How long a call may take, its repetitions and the waiting between them included. 60 s by
  /// default.
  ///
  /// @throws IllegalArgumentException where it is not positive
  public MekikiClientBuilder timeout(Duration value) {
    timeout = positive("timeout", value);
    return this;
  }

  /// How often a call is made at most where the service is overloaded, not available or not
  /// reachable. 5 by default; with 1 nothing is repeated.
  ///
  /// @param value at least 1
  /// @throws IllegalArgumentException where it is less
  public MekikiClientBuilder attempts(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("attempts: %d (expected: at least 1)".formatted(value));
    }
    attempts = value;
    return this;
  }

  /// How long a stream of matches that was interrupted tries to go on before it fails. 5 minutes by
  /// default.
  ///
  /// @throws IllegalArgumentException where it is not positive
  public MekikiClientBuilder streamPatience(Duration value) {
    streamPatience = positive("streamPatience", value);
    return this;
  }

  /// The client; nothing is connected before the first call.
  ///
  /// @throws IllegalArgumentException where the server is neither `HOST:PORT` nor a URL
  public MekikiClient build() {
    return new MekikiClient(this);
  }

  private static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("%s: %s (expected: more than 0)".formatted(name, value));
    }
    return value;
  }
}

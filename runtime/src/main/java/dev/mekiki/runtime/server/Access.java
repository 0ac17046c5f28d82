package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.TlsKeyPair;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.ListenConfig;
import dev.mekiki.runtime.config.ServerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where a service listens and whom it answers, checked. It is made before anything is started, so
/// that a service which must not listen does not first wait for Kafka. Immutable, thread-safe.
public final class Access {
  private final String service;
  private final String host;
  private final InetSocketAddress address;
  private final @Nullable Token token;
  private final @Nullable Tokens tokens;
  private final @Nullable TlsKeyPair keyPair;
  private final Set<String> allowedHosts;

  private Access(
      String service,
      String host,
      InetSocketAddress address,
      @Nullable Token token,
      @Nullable Tokens tokens,
      @Nullable TlsKeyPair keyPair,
      Set<String> allowedHosts) {
    this.service = service;
    this.host = host;
    this.address = address;
    this.token = token;
    this.tokens = tokens;
    this.keyPair = keyPair;
    this.allowedHosts = allowedHosts;
  }

  /// Reads what is configured for a service.
  ///
  /// @param service the service's name in keys, logs and messages, such as `encoder`
  /// @throws StartException where the host is not known, where it can be reached from other
  ///   machines and there is neither a token nor leave to do without, or where the file of the
  ///   token, the tokens, the certificate or the key cannot be used
  public static Access of(String service, ListenConfig listen, ServerConfig server) {
    InetSocketAddress address = resolved(service, listen);
    @Nullable Token token = token(server);
    @Nullable Tokens tokens = server
            .tokensFile()
            .map(file -> Tokens.open(file, requestsPerSecond(server)))
            .orElse(null);
    if (tokens != null && token == null) {
      throw new StartException(
          ("%s: set without mekiki.server.token-file (expected: both; services call one another"
                  + " with the token there)")
              .formatted(Tokens.KEY));
    }
    @Nullable TlsKeyPair keyPair = PemFiles.keyPair(server);
    if (!address.getAddress().isLoopbackAddress() && token == null && !server.insecure()) {
      throw new StartException(
          ("mekiki.%s.host: '%s' can be reached from other machines, and no token is configured"
                  + " (expected: mekiki.server.token-file or --token-file FILE, with a token of at"
                  + " least %d characters; or a loopback address, such as 127.0.0.1; or"
                  + " mekiki.server.insecure=true or --insecure, where everyone on the network may"
                  + " read and delete)")
              .formatted(service, listen.host(), Token.MIN_LENGTH));
    }
    return new Access(
        service, listen.host(), address, token, tokens, keyPair, allowedHosts(server));
  }

  private static @Nullable Integer requestsPerSecond(ServerConfig server) {
    @Nullable Integer rate = server.requestsPerSecond().orElse(null);
    if (rate != null && rate > RateLimit.MAX_PER_SECOND) {
      throw new StartException(
          "mekiki.server.requests-per-second: %d (expected: 1..%d; or unset for no limit)"
              .formatted(rate, RateLimit.MAX_PER_SECOND));
    }
    return rate;
  }

  private static Set<String> allowedHosts(ServerConfig server) {
    return server.allowedHosts().orElse(List.of()).stream()
        .map(host -> host.strip().toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// The token that is configured, or null.
  static @Nullable Token token(ServerConfig config) {
    return config
        .tokenFile()
        .map(file -> Token.read("mekiki.server.token-file", file))
        .orElse(null);
  }

  String service() {
    return service;
  }

  /// As configured.
  String host() {
    return host;
  }

  InetSocketAddress address() {
    return address;
  }

  /// Whether other machines cannot reach it.
  boolean isLoopback() {
    return address.getAddress().isLoopbackAddress();
  }

  /// Null where none is asked for.
  @Nullable Token token() {
    return token;
  }

  /// Null where there is no tokens file.
  @Nullable Tokens tokens() {
    return tokens;
  }

  /// Names by which it is called, in lower case, beside those of loopback; empty where none are
  /// configured.
  Set<String> allowedHosts() {
    return allowedHosts;
  }

  /// Null where no TLS is spoken.
  @Nullable TlsKeyPair keyPair() {
    return keyPair;
  }

  private static InetSocketAddress resolved(String service, ListenConfig listen) {
    try {
      return new InetSocketAddress(InetAddress.getByName(listen.host()), listen.port());
    } catch (UnknownHostException e) {
      throw new StartException(
          "mekiki.%s.host: '%s' is not known (expected: a name or address of this machine)"
              .formatted(service, listen.host()),
          e);
    }
  }
}

package dev.mekiki.runtime.server;

import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.ListenConfig;
import dev.mekiki.runtime.config.ServerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where a service listens and whom it answers, checked. It is made before anything is started, so
/// that a service which must not listen does not first wait for Kafka. Thread-safe.
public final class Access {
  private final String service;
  private final String host;
  private final InetSocketAddress address;
  private final @Nullable Token token;
  private final @Nullable Tokens tokens;
  private final @Nullable OwnCertificate certificate;
  private final @Nullable Trust peers;
  private final Set<String> allowedHosts;
  private final CrossOrigins crossOrigins;

  private Access(
      String service,
      String host,
      InetSocketAddress address,
      @Nullable Token token,
      @Nullable Tokens tokens,
      @Nullable OwnCertificate certificate,
      @Nullable Trust peers,
      Set<String> allowedHosts,
      CrossOrigins crossOrigins) {
    this.service = service;
    this.host = host;
    this.address = address;
    this.token = token;
    this.tokens = tokens;
    this.certificate = certificate;
    this.peers = peers;
    this.allowedHosts = allowedHosts;
    this.crossOrigins = crossOrigins;
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
    @Nullable OwnCertificate certificate = OwnCertificate.of(server);
    @Nullable Trust peers = peers(server, certificate);
    boolean knowsServices = token != null || peers != null;
    @Nullable Tokens tokens =
        server.tokensFile().map(file -> Tokens.open(file, requestsPerSecond(server))).orElse(null);
    if (tokens != null && !knowsServices) {
      throw new StartException(
          ("%s: set without mekiki.server.token-file (expected: both, or mekiki.server.peer-trust-file;"
                  + " services call one another with the token or the certificate there)")
              .formatted(Tokens.KEY));
    }
    if (!address.getAddress().isLoopbackAddress() && !knowsServices && !server.insecure()) {
      throw new StartException(
          ("mekiki.%s.host: '%s' can be reached from other machines, and no token is configured"
                  + " (expected: mekiki.server.token-file or --token-file FILE, with a token of at"
                  + " least %d characters; or a loopback address, such as 127.0.0.1; or"
                  + " mekiki.server.insecure=true or --insecure, where everyone on the network may"
                  + " read and delete)")
              .formatted(service, listen.host(), Token.MIN_LENGTH));
    }
    return new Access(
        service,
        listen.host(),
        address,
        token,
        tokens,
        certificate,
        peers,
        allowedHosts(server),
        CrossOrigins.of(server));
  }

  /// Which callers are services by their certificates; null where none is.
  private static @Nullable Trust peers(ServerConfig server, @Nullable OwnCertificate own) {
    @Nullable Path file = server.peerTrustFile().orElse(null);
    if (file == null) {
      return null;
    }
    if (own == null) {
      throw new StartException(
          ("mekiki.server.peer-trust-file: '%s' without mekiki.server.certificate-file and .key-file"
                  + " (expected: all three; certificates are shown by TLS alone)")
              .formatted(file));
    }
    return Trust.of("mekiki.server.peer-trust-file", file, null);
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

  /// Whether every request must say whom it comes from.
  boolean isGuarded() {
    return token != null || peers != null;
  }

  /// Which callers are services by their certificates; null where none is.
  @Nullable Trust peers() {
    return peers;
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

  /// Web pages of other sites that may call it.
  CrossOrigins crossOrigins() {
    return crossOrigins;
  }

  /// Null where no TLS is spoken.
  @Nullable OwnCertificate certificate() {
    return certificate;
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

package dev.mekiki.runtime.server;

import com.linecorp.armeria.client.ClientFactoryBuilder;
import com.linecorp.armeria.client.ClientTlsConfig;
import com.linecorp.armeria.client.grpc.GrpcClientBuilder;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpHeaderNames;
import dev.mekiki.runtime.config.ServerConfig;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a caller of services has: the token to name, the certificate to show, and whom to believe
/// that it is the service. Thread-safe.
public final class ClientAccess {
  /// No token, and what Java trusts.
  public static final ClientAccess NONE = new ClientAccess("http", null, null, null);

  private final String scheme;
  private final @Nullable Token token;
  private final @Nullable Trust trust;
  private final @Nullable OwnCertificate own;

  private ClientAccess(
      String scheme, @Nullable Token token, @Nullable Trust trust, @Nullable OwnCertificate own) {
    this.scheme = scheme;
    this.token = token;
    this.trust = trust;
    this.own = own;
  }

  /// For services that are configured as the caller is. They speak TLS where it has a certificate
  /// of its own or authorities to trust.
  ///
  /// @throws dev.mekiki.runtime.StartException where a file that is named cannot be used
  public static ClientAccess toPeers(ServerConfig config) {
    @Nullable Token token = Access.token(config);
    @Nullable OwnCertificate own = OwnCertificate.of(config);
    if (own == null && config.trustFile().isEmpty()) {
      return new ClientAccess("http", token, null, null);
    }
    Trust trust = Trust.of("mekiki.server.trust-file", config.trustFile().orElse(null), own);
    return new ClientAccess("https", token, trust, own);
  }

  /// For a user, who says at each address whether TLS is spoken there.
  ///
  /// @param tokenFile file with the token
  /// @param trustFile PEM file with the authorities to trust; empty for those that Java trusts
  /// @throws dev.mekiki.runtime.StartException where a file that is named cannot be used
  public static ClientAccess ofUser(Optional<Path> tokenFile, Optional<Path> trustFile) {
    return new ClientAccess(
        "http",
        tokenFile
            .map(file -> Token.read("--token-file or MEKIKI_SERVER_TOKEN_FILE", file))
            .orElse(null),
        trustFile
            .map(file -> Trust.of("--trust-file or MEKIKI_SERVER_TRUST_FILE", file, null))
            .orElse(null),
        null);
  }

  /// Makes the connections of a factory trust whom this one does, and show its certificate to whom
  /// asks for one.
  public ClientFactoryBuilder connections(ClientFactoryBuilder builder) {
    @Nullable Trust believed = trust;
    @Nullable OwnCertificate shown = own;
    if (believed == null) {
      return builder;
    }
    return shown == null
        ? builder.tlsCustomizer(tls -> tls.trustManager(believed))
        : builder.tlsProvider(
            shown.provider(believed::certificates),
            ClientTlsConfig.builder().tlsCustomizer(tls -> tls.trustManager(believed)).build());
  }

  /// The token to name, where there is one.
  public Optional<String> token() {
    return Optional.ofNullable(token).map(Token::text);
  }

  /// The URL at which to call an address.
  ///
  /// @param address host:port, or a URL that begins with `http://` or `https://`
  public String url(String address) {
    return address.contains("://") ? address : scheme + "://" + address;
  }

  /// A gRPC client that names the token.
  ///
  /// @param address as for {@link #url}
  public GrpcClientBuilder grpc(String address) {
    String url = url(address);
    GrpcClientBuilder builder = GrpcClients.builder("gproto+" + url);
    return token == null
        ? builder
        : builder.setHeader(HttpHeaderNames.AUTHORIZATION, token.authorization());
  }
}

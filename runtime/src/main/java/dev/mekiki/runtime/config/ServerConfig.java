package dev.mekiki.runtime.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `mekiki.server.*`: whom the encoder, index and query services answer, and how calls travel. All
/// services of an installation have the same, because they call one another with it.
public interface ServerConfig {
  /// File with the token that every request must name, in UTF-8; white space around it does not
  /// count. Absent: no token is asked for, and a service listens on loopback alone.
  Optional<Path> tokenFile();

  /// JSON file with further tokens that are accepted: their names, SHA-256, roles and tenants. It
  /// is read again when it changes. Absent: there are none.
  Optional<Path> tokensFile();

  /// Most requests a second that one instance of a service takes from each token of the tokens file
  /// that has no limit of its own, as many of them at once. Absent: it has none.
  Optional<@WithConverter(Converters.Count.class) Integer> requestsPerSecond();

  /// Listen beyond loopback without a token: on a network where everybody may read and delete.
  @WithDefault("false")
  boolean insecure();

  /// Further names that browsers may call a service by: a request without a token must name
  /// `localhost`, an IP address or one of these in its header `Host`, so that no web page reaches a
  /// service by a name of its own. Beyond loopback `Host` is checked only where this is set.
  Optional<List<String>> allowedHosts();

  /// Origins of web pages of other sites that may call a service from a browser (CORS), such as
  /// `https://shop.example`. They may then do what their token allows, and without tokens
  /// everything. Absent: none may.
  Optional<List<String>> corsOrigins();

  /// PEM file with the certificate that services show, followed by those that vouch for it. With
  /// {@link #keyFile} they speak TLS; without both they do not. Both are read again when they
  /// change.
  Optional<Path> certificateFile();

  /// PEM file with the certificate's private key, not encrypted.
  Optional<Path> keyFile();

  /// PEM file with the certificates of the authorities that vouch for calling services: a caller
  /// that shows a certificate of theirs is taken for a service, as one with the service's token is.
  /// Needs a {@link #certificateFile}, which this service then shows to those that it calls.
  /// Absent: callers are not asked for certificates. It is read again when it changes.
  Optional<Path> peerTrustFile();

  /// PEM file with the certificates of the authorities that vouch for the services called. Absent:
  /// those that Java trusts. The own certificate is trusted in either case. It is read again when
  /// it changes.
  Optional<Path> trustFile();
}

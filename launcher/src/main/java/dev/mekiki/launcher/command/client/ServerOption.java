package dev.mekiki.launcher.command.client;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.client.Clients;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.server.ClientAccess;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The running Mekiki that a command calls, and the credentials for it.
public final class ServerOption {
  private static final int PATIENT_ATTEMPTS = 8;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT|URL",
      defaultValue = "${env:MEKIKI_SERVER:-127.0.0.1:8080}",
      description = {
        "The query service (default: $MEKIKI_SERVER, else 127.0.0.1:8080);",
        "https://HOST:PORT where it speaks TLS."
      })
  private String server = "";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "The token, where the service requires one (default: $MEKIKI_SERVER_TOKEN_FILE).")
  private @Nullable Path tokenFile;

  @Option(
      names = "--trust-file",
      paramLabel = "FILE",
      description = {
        "PEM certificates of the authorities to trust (default: $MEKIKI_SERVER_TRUST_FILE,",
        "else those that Java trusts)."
      })
  private @Nullable Path trustFile;

  /// The running Mekiki; nothing is connected before the first call.
  ///
  /// @throws StartException where the address is none
  public MekikiClient connect() {
    return connect(0);
  }

  /// The same for many calls that need nobody to wait.
  ///
  /// @throws StartException where the address is none
  MekikiClient connectPatiently() {
    return connect(PATIENT_ATTEMPTS);
  }

  private MekikiClient connect(int attempts) {
    ClientAccess access =
        ClientAccess.ofUser(
            file(tokenFile, "MEKIKI_SERVER_TOKEN_FILE"),
            file(trustFile, "MEKIKI_SERVER_TRUST_FILE"));
    try {
      return attempts == 0 ? Clients.of(server, access) : Clients.of(server, access, attempts);
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "--server: '%s' (expected: HOST:PORT, or a URL with http:// or https://)"
              .formatted(server),
          e);
    }
  }

  /// The URL of the page.
  String url() {
    return server.contains("://") ? server : "http://" + server;
  }

  private static Optional<Path> file(@Nullable Path option, String variable) {
    return Optional.ofNullable(option)
        .or(() ->
            Optional.ofNullable(System.getenv(variable))
                .filter(Predicate.not(String::isBlank))
                .map(Path::of));
  }
}

package dev.mekiki.launcher.command.options;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who may call a service: token and TLS.
public final class AccessOption {
  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = {
        "Require the token in FILE of every caller; needed to listen beyond loopback.",
        "Short for --set mekiki.server.token-file=..., as the next options are for their keys."
      })
  private @Nullable Path tokenFile;

  @Option(
      names = "--insecure",
      description = "Listen beyond loopback without a token: everybody may read and delete.")
  private boolean insecure;

  @Option(
      names = "--certificate-file",
      paramLabel = "FILE",
      description = "Speak TLS with this certificate (PEM); with --key-file.")
  private @Nullable Path certificateFile;

  @Option(names = "--key-file", paramLabel = "FILE", description = "Its private key (PEM).")
  private @Nullable Path keyFile;

  public Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    put(options, "mekiki.server.token-file", tokenFile);
    put(options, "mekiki.server.certificate-file", certificateFile);
    put(options, "mekiki.server.key-file", keyFile);
    if (insecure) {
      options.put("mekiki.server.insecure", "true");
    }
    return options;
  }

  private static void put(Map<String, String> options, String key, @Nullable Path file) {
    if (file != null) {
      options.put(key, file.toString());
    }
  }
}

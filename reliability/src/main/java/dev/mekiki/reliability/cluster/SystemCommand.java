package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A command of the operating system. Stateless.
public final class SystemCommand {
  private SystemCommand() {}

  /// Runs one and waits for its end.
  ///
  /// @return what it printed
  /// @throws IOException with what it printed, where it fails
  public static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("%s: %s".formatted(String.join(" ", command), output.strip()));
    }
    return output;
  }
}

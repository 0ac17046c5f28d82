package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.runtime.StartException;
import picocli.CommandLine.Option;

/// How many copies of one picture are sent.
final class CopiesOption {
  @Option(
      names = "--copies",
      paramLabel = "N",
      description =
          "Copies of one picture; as many different ones are sent before (default:"
              + " ${DEFAULT-VALUE}).")
  private int copies = 100_000;

  /// @return at least 1
  /// @throws StartException if it is less
  int checked() {
    if (copies < 1) {
      throw new StartException("--copies: %d (expected: at least 1)".formatted(copies));
    }
    return copies;
  }
}

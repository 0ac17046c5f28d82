package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.testbed.TestbedSettings;
import dev.mekiki.runtime.StartException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/// How the services run, and how long is measured.
final class PipelineSettings extends TestbedSettings {
  @Option(
      names = "--partitions",
      paramLabel = "P",
      description = "Partitions of code-placements (default: ${DEFAULT-VALUE}).")
  int partitions = 8;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Stream threads of the index (default: ${DEFAULT-VALUE}).")
  int threads = 2;

  @Option(
      names = "--commit-interval",
      paramLabel = "MS",
      description = "Commit interval of the index, in milliseconds (default: ${DEFAULT-VALUE}).")
  long commitIntervalMs = 50;

  @Option(
      names = "--loads",
      paramLabel = "SHARE",
      split = ",",
      description =
          "Shares of the highest rate at which to measure latency (default: ${DEFAULT-VALUE}).")
  List<Double> loads = List.of(0.25, 0.5, 0.8);

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Seconds at each of these rates (default: ${DEFAULT-VALUE}).")
  int seconds = 10;

  @Option(
      names = "--landmarks",
      description =
          "Look for copies that landmarks alone find, too: crops, captions, turned pictures.")
  boolean landmarks;

  @Override
  protected void check() {
    super.check();
    if (partitions < 1 || threads < 1 || seconds < 1 || commitIntervalMs < 1) {
      throw new StartException(
          ("--partitions, --threads, --seconds, --commit-interval: %d, %d, %d, %d"
                  + " (expected: at least 1 each)")
              .formatted(partitions, threads, seconds, commitIntervalMs));
    }
    for (double load : loads) {
      if (!(load > 0 && load <= 1)) {
        throw new StartException("--loads: %s (expected: above 0, to 1)".formatted(load));
      }
    }
  }

  /// The services' configuration.
  ///
  /// @param matching false for the same topology with matching off
  Map<String, String> configuration(boolean matching) {
    Map<String, String> keys = new HashMap<>(matchConfiguration());
    keys.put("mekiki.match.max-events-per-arrival", matching ? "100" : "0");
    keys.put("mekiki.match.copies", landmarks ? "on" : "off");
    keys.put("mekiki.index.threads", Integer.toString(threads));
    keys.put("mekiki.index.commit-interval", commitIntervalMs + "ms");
    keys.put("mekiki.generation.partitions", Integer.toString(partitions));
    return keys;
  }
}

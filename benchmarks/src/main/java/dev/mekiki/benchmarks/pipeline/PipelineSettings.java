package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.ReachConverter;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.runtime.StartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the services run, and how long is measured.
final class PipelineSettings {
  @Option(
      names = "--radius",
      paramLabel = "R",
      description =
          "Largest code distance of a match where the reach is codes (default: ${DEFAULT-VALUE}).")
  int radius = 6;

  @Option(
      names = "--reach",
      paramLabel = "everywhere|codes",
      converter = ReachConverter.class,
      description = "Which other partitions an arrival probes (default: everywhere).")
  Reach reach = Reach.EVERYWHERE;

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
      names = "--limit",
      paramLabel = "SECONDS",
      description = "Time limit of each phase, in seconds (default: ${DEFAULT-VALUE}).")
  int limitSeconds = 600;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where broker and index keep their files meanwhile (default: the system's"
              + " directory for temporary files).")
  @Nullable Path data;

  void check() {
    if (partitions < 1 || threads < 1 || seconds < 1 || limitSeconds < 1 || commitIntervalMs < 1) {
      throw new StartException(
          ("--partitions, --threads, --seconds, --limit, --commit-interval: %d, %d, %d, %d, %d"
                  + " (expected: at least 1 each)")
              .formatted(partitions, threads, seconds, limitSeconds, commitIntervalMs));
    }
    for (double load : loads) {
      if (!(load > 0 && load <= 1)) {
        throw new StartException("--loads: %s (expected: above 0, to 1)".formatted(load));
      }
    }
  }

  Duration limit() {
    return Duration.ofSeconds(limitSeconds);
  }

  /// The largest distance between the codes of a copy and its original: within the radius where
  /// codes decide, else a quarter of the bits, so that only fingerprints can find it.
  int codeFlips(int bits) {
    return reach == Reach.CODES ? radius : bits / 4;
  }

  /// The services' configuration.
  ///
  /// @param matching false for the same topology with matching off
  Map<String, String> configuration(boolean matching) {
    return Map.of(
        "mekiki.match.reach", ReachConverter.name(reach),
        "mekiki.match.radius", Integer.toString(radius),
        "mekiki.match.max-events-per-arrival", matching ? "100" : "0",
        "mekiki.index.threads", Integer.toString(threads),
        "mekiki.index.commit-interval", commitIntervalMs + "ms",
        "mekiki.generation.partitions", Integer.toString(partitions));
  }
}

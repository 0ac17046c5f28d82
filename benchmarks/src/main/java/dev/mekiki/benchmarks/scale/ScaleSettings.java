package dev.mekiki.benchmarks.scale;

import dev.mekiki.benchmarks.data.ReachConverter;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.runtime.StartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What all kinds of `bench scale` share, and how the instances run.
final class ScaleSettings {
  @Option(
      names = "--codes",
      paramLabel = "N",
      description = "Codes sent to each number of instances (default: ${DEFAULT-VALUE}).")
  int codes = 100_000;

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
      names = "--threads",
      paramLabel = "N",
      description = "Stream threads of each instance (default: ${DEFAULT-VALUE}).")
  int threads = 1;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "Largest heap of each instance (default: ${DEFAULT-VALUE}).")
  String heap = "2g";

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      description = "Time limit of each phase, in seconds (default: ${DEFAULT-VALUE}).")
  int limitSeconds = 600;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where broker and instances keep their files meanwhile (default: the system's"
              + " directory for temporary files).")
  @Nullable Path data;

  void check() {
    if (codes < 1 || threads < 1 || limitSeconds < 1) {
      throw new StartException(
          "--codes, --threads, --limit: %d, %d, %d (expected: at least 1 each)"
              .formatted(codes, threads, limitSeconds));
    }
    if (!heap.matches("[1-9][0-9]*[kmgKMG]")) {
      throw new StartException(
          "--heap: '%s' (expected: a size such as 512m or 2g)".formatted(heap));
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

  /// Configuration of an instance, but for its own directory and port.
  ///
  /// @param name prefix of the topics, without its dot
  Map<String, String> configuration(String name, String bootstrapServers) {
    return Map.of(
        "mekiki.kafka.bootstrap-servers",
        bootstrapServers,
        "mekiki.topics.prefix",
        name + ".",
        "mekiki.match.reach",
        ReachConverter.name(reach),
        "mekiki.match.radius",
        Integer.toString(radius),
        "mekiki.index.threads",
        Integer.toString(threads),
        "mekiki.index.standby-replicas",
        "0");
  }
}

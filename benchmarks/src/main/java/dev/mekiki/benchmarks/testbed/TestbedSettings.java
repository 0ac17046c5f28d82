package dev.mekiki.benchmarks.testbed;

import dev.mekiki.benchmarks.data.ReachConverter;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.runtime.StartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options that all benchmarks of services on a {@link Testbed} share: which arrivals match, how
/// long a phase may take, and where files are kept.
public abstract class TestbedSettings {
  @Option(
      names = "--radius",
      paramLabel = "R",
      description =
          "Largest code distance of a match where the reach is codes (default: ${DEFAULT-VALUE}).")
  private int radius = 6;

  @Option(
      names = "--reach",
      paramLabel = "everywhere|codes",
      converter = ReachConverter.class,
      description = "Which other partitions an arrival probes (default: everywhere).")
  private Reach reach = Reach.EVERYWHERE;

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      description = "Time limit of each phase, in seconds (default: ${DEFAULT-VALUE}).")
  private int limitSeconds = 600;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where broker and index keep their files meanwhile (default: the system's"
              + " directory for temporary files).")
  private @Nullable Path data;

  /// Refuses what cannot be measured.
  protected void check() {
    if (limitSeconds < 1) {
      throw new StartException("--limit: %d (expected: at least 1)".formatted(limitSeconds));
    }
  }

  public Reach reach() {
    return reach;
  }

  /// Checked by {@link dev.mekiki.benchmarks.data.DataOptions#checkRadius}.
  public int radius() {
    return radius;
  }

  public Duration limit() {
    return Duration.ofSeconds(limitSeconds);
  }

  /// As {@link Testbed#start} takes it.
  public @Nullable Path data() {
    return data;
  }

  /// The largest distance between the codes of a copy and its original: within the radius where
  /// codes decide, else a quarter of the bits, so that only fingerprints can find it.
  public int codeFlips(int bits) {
    return reach == Reach.CODES ? radius : bits / 4;
  }

  /// Reach and radius as the index is configured with them.
  protected Map<String, String> matchConfiguration() {
    return Map.of(
        "mekiki.match.reach", ReachConverter.name(reach),
        "mekiki.match.radius", Integer.toString(radius));
  }
}

package dev.mekiki.benchmarks.data;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Options that choose the codes of a benchmark.
public final class DataOptions {
  private static final String CLUSTERED = "clustered";
  private static final String UNIFORM = "uniform";

  /// Share of uniformly random codes among clustered ones.
  private static final double UNIFORM_SHARE = 0.05;

  @Option(
      names = "--bits",
      paramLabel = "Q",
      description = "Bits of a code: 16, 32, 48, 64, 128 or 256 (default: ${DEFAULT-VALUE}).")
  private int bits = 64;

  @Option(
      names = "--distribution",
      paramLabel = "clustered|uniform|FILE",
      description = {
        "clustered: each code at a center with every bit off with probability .05, and 5 %% of the"
            + " codes anywhere; uniform; or a file of raw little-endian longs, codes then queries"
            + " (default: ${DEFAULT-VALUE})."
      })
  private String distribution = CLUSTERED;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Centers; 1 puts everything in one bucket (default: ${DEFAULT-VALUE}).")
  private int classes = 100;

  @Option(
      names = "--hot",
      paramLabel = "SHARE",
      description =
          "Share of the clustered codes that lie near one center, as where half of all pictures are of"
              + " one class (default: ${DEFAULT-VALUE}).")
  private double hot;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of centers, codes and queries (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  /// The codes and queries, drawn or read.
  ///
  /// @throws StartException if an option or the file does not fit
  public CodeData load(int codes, int queries) throws IOException {
    if (codes < 1 || codes > ImageIds.MAX_COUNT || queries < 1) {
      throw new StartException(
          "codes and queries: %d and %d (expected: 1 to %d, and at least 1)"
              .formatted(codes, queries, ImageIds.MAX_COUNT));
    }
    if (hot < 0 || hot > 1 || (hot > 0 && !distribution.equals(CLUSTERED))) {
      throw new StartException(
          "--hot: %s of %s codes (expected: 0..1, of clustered ones)".formatted(hot, distribution));
    }
    CenterTable centers;
    try {
      centers = CodeData.centers(bits, classes, seed);
    } catch (IllegalArgumentException e) {
      throw new StartException("--bits, --classes: " + e.getMessage(), e);
    }
    if (isFile()) {
      CodeData data = new CodeData(centers, new CodeSet(bits, codes), new CodeSet(bits, queries));
      CodeFile.read(Path.of(distribution), data.codes(), data.queries());
      return data;
    }
    double uniformShare = distribution.equals(UNIFORM) ? 1 : UNIFORM_SHARE;
    // Seeds of their own, so that a run with more codes has the same queries.
    return new CodeData(
        centers,
        new CodeGenerator(centers, seed).draw(codes, uniformShare, hot),
        new CodeGenerator(centers, ~seed).draw(queries, uniformShare, hot));
  }

  public String distribution() {
    return distribution;
  }

  /// Share of the codes near one center, beside what falls to it as to any.
  public double hot() {
    return hot;
  }

  public long seed() {
    return seed;
  }

  /// Checked by {@link #load}.
  public int bits() {
    return bits;
  }

  public int classes() {
    return classes;
  }

  /// Refuses a radius that these codes do not have.
  ///
  /// @throws StartException if it is outside 0 to q
  public void checkRadius(int radius) {
    if (radius < 0 || radius > Math.min(bits, HashCode.MAX_BITS)) {
      throw new StartException(
          "--radius: %d (expected: 0..%d, the bits of a code)".formatted(radius, bits));
    }
  }

  private boolean isFile() {
    if (distribution.equals(CLUSTERED) || distribution.equals(UNIFORM)) {
      return false;
    }
    if (!Files.isRegularFile(Path.of(distribution))) {
      throw new StartException(
          "--distribution: '%s' (expected: clustered, uniform, or an existing file)"
              .formatted(distribution));
    }
    return true;
  }
}

package dev.mekiki.benchmarks.match;

import dev.mekiki.benchmarks.data.ReachConverter;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.runtime.StartException;
import picocli.CommandLine.Option;

/// What counts as a match, and how many there are.
final class MatchOptions {
  @Option(
      names = "--reach",
      paramLabel = "everywhere|codes",
      description =
          "Where matches are looked for: everywhere or codes (default: everywhere), as"
              + " mekiki.match.reach.",
      converter = ReachConverter.class)
  Reach reach = Reach.EVERYWHERE;

  @Option(
      names = "--radius",
      paramLabel = "R",
      description =
          "Largest code distance of a copy, and of a match with --reach codes"
              + " (default: ${DEFAULT-VALUE}).")
  int radius = 6;

  @Option(
      names = "--fingerprint-radius",
      paramLabel = "R",
      description = "Largest fingerprint distance of a match (default: ${DEFAULT-VALUE}).")
  int fingerprintRadius = MatchPolicy.RECOMMENDED_FINGERPRINT_RADIUS;

  @Option(
      names = "--duplicates",
      paramLabel = "SHARE",
      description =
          "Share of arrivals that show an image indexed before (default: ${DEFAULT-VALUE}).")
  double duplicates = 0.05;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description = "Partitions that buckets are spread over (default: ${DEFAULT-VALUE}).")
  int partitions = 8;

  @Option(
      names = "--checks",
      paramLabel = "N",
      description = "Arrivals compared with brute force (default: ${DEFAULT-VALUE}).")
  int checks = 200;

  void check() {
    if (partitions < 1 || checks < 0) {
      throw new StartException(
          "--partitions, --checks: %d, %d (expected: at least 1, 0)".formatted(partitions, checks));
    }
    if (!(duplicates >= 0 && duplicates <= 1)) {
      throw new StartException("--duplicates: %s (expected: 0 to 1)".formatted(duplicates));
    }
    if (fingerprintRadius < 0 || fingerprintRadius > Fingerprint.BITS) {
      throw new StartException(
          "--fingerprint-radius: %d (expected: 0..%d)"
              .formatted(fingerprintRadius, Fingerprint.BITS));
    }
  }
}

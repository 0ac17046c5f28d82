package dev.mekiki.benchmarks.match;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.Fingerprints;
import dev.mekiki.benchmarks.data.Flips;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The images that arrive, built in advance: parsing them is not measured.
///
/// @param codes one for each
/// @param fingerprints one for each
record Arrivals(List<HashCode> codes, List<Fingerprint> fingerprints) {
  /// Farthest fingerprint of a copy; PDQ's copies lie within 31.
  private static final int FINGERPRINT_FLIPS = 20;

  /// @param duplicates share of them that show an indexed image, with at most `radius` bits of the
  ///   code off
  static Arrivals draw(
      CodeData data, Fingerprints known, double duplicates, int radius, long seed) {
    SplittableRandom random = new SplittableRandom(seed + 1);
    int indexed = data.codes().size();
    int count = data.queries().size();
    Arrivals arrivals = new Arrivals(new ArrayList<>(count), new ArrayList<>(count));
    for (int i = 0; i < count; i++) {
      if (random.nextDouble() < duplicates) {
        int partner = random.nextInt(indexed);
        arrivals.codes.add(Flips.upTo(radius, data.codes().code(partner), random));
        arrivals.fingerprints.add(known.near(partner, FINGERPRINT_FLIPS, random));
      } else {
        arrivals.codes.add(data.queries().code(i));
        arrivals.fingerprints.add(known.of(indexed + i));
      }
    }
    return arrivals;
  }
}

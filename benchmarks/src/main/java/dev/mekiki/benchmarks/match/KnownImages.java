package dev.mekiki.benchmarks.match;

import dev.mekiki.benchmarks.data.CodeSet;
import dev.mekiki.benchmarks.data.Fingerprints;
import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;

/// All images by number: those indexed first, then those that arrive.
record KnownImages(CodeSet codes, Fingerprints fingerprints, Arrivals arrivals) {
  private static final String TOPIC = "images";

  /// How many there are.
  int size() {
    return codes.size() + arrivals.codes().size();
  }

  HashCode code(int number) {
    return number < codes.size() ? codes.code(number) : arrivals.codes().get(number - codes.size());
  }

  Fingerprint fingerprint(int number) {
    return number < codes.size()
        ? fingerprints.of(number)
        : arrivals.fingerprints().get(number - codes.size());
  }

  /// The image as a partition's row, with bytes that no other has.
  PlacedRevision revision(int number, int home) {
    return new PlacedRevision(
        ImageIds.of(number),
        new Revision(TOPIC, 0, number),
        code(number),
        fingerprint(number),
        new Sha256(number, 0, 0, 0),
        home,
        number,
        false);
  }
}

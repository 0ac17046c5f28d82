package dev.mekiki.benchmarks.data;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.SplittableRandom;

/// Random fingerprints of numbered images, made on demand: 16 million of them need no memory.
///
/// @param seed same seed, same fingerprints
public record Fingerprints(long seed) {
  private static final int WORDS = Fingerprint.BITS / Long.SIZE;
  private static final int QUALITY = 100;

  public Fingerprint of(int number) {
    return new Fingerprint(HashCode.of(Fingerprint.BITS, words(number)), QUALITY);
  }

  /// The fingerprint of a copy of image `number`: at most `limit` bits differ.
  public Fingerprint near(int number, int limit, SplittableRandom random) {
    return new Fingerprint(
        Flips.upTo(limit, HashCode.of(Fingerprint.BITS, words(number)), random), QUALITY);
  }

  private long[] words(int number) {
    long[] words = new long[WORDS];
    long state = mix(seed ^ number * 0x9E3779B97F4A7C15L);
    for (int word = 0; word < WORDS; word++) {
      state = mix(state + 0x9E3779B97F4A7C15L);
      words[word] = state;
    }
    return words;
  }

  /// The finaliser of SplitMix64.
  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}

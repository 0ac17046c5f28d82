package dev.mekiki.benchmarks.data;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.SplittableRandom;

/// Random fingerprints of numbered images, made when asked for: 16 million of them need no memory.
///
/// @param seed same seed, same fingerprints
public record Fingerprints(long seed) {
  private static final int WORDS = Fingerprint.BITS / Long.SIZE;
  private static final int QUALITY = 100;

  public Fingerprint of(int number) {
    return new Fingerprint(HashCode.of(Fingerprint.BITS, words(number)), QUALITY);
  }

  /// Of an image that shows what image `number` shows: at most `most` bits off.
  public Fingerprint near(int number, int most, SplittableRandom random) {
    return new Fingerprint(
        Flips.upTo(most, HashCode.of(Fingerprint.BITS, words(number)), random), QUALITY);
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

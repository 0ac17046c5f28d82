package dev.mekiki.benchmarks.quality;

import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;

/// The codes that center-reassigned hashing (arXiv 2511.12162) gives to classes: a center of q bits
/// is cut into H heads of d = q / H bits, and each head takes one of M = 2 C codes, drawn at random
/// without repeats. d is the smallest divisor of q with 2^d at least M, so that there are as many
/// heads as the codes of a head can differ (H at most q / log2 M).
final class MultiHeadCodebook {
  private final int length;
  private final long[][] codes;

  /// @param bits q
  /// @param classes C, at least 1
  /// @param seed of the draw
  /// @throws IllegalArgumentException if no divisor of q serves
  MultiHeadCodebook(int bits, int classes, long seed) {
    length = length(bits, 2 * classes);
    codes = new long[bits / length][];
    Random random = new Random(seed);
    for (int head = 0; head < codes.length; head++) {
      Set<Long> drawn = new LinkedHashSet<>();
      while (drawn.size() < 2 * classes) {
        drawn.add(random.nextLong() & (1L << length) - 1);
      }
      codes[head] = drawn.stream().mapToLong(Long::longValue).toArray();
    }
  }

  private static int length(int bits, int codes) {
    for (int length = 1; length < Math.min(bits + 1, Long.SIZE); length++) {
      if (bits % length == 0 && 1L << length >= codes) {
        return length;
      }
    }
    throw new IllegalArgumentException(
        "bits: %d (expected: a multiple of the length of %d different codes, below 64)"
            .formatted(bits, codes));
  }

  /// H.
  int heads() {
    return codes.length;
  }

  /// M.
  int size() {
    return codes[0].length;
  }

  /// d.
  int length() {
    return length;
  }

  /// -1 or 1.
  ///
  /// @param code 0 to M - 1
  /// @param bit of the head, 0 to d - 1
  int sign(int head, int code, int bit) {
    return (codes[head][code] >>> bit & 1) != 0 ? 1 : -1;
  }
}

package dev.mekiki.benchmarks.data;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import java.util.SplittableRandom;

/// Draws codes like those of a trained network: near a center each, but for a share of uniformly
/// random ones.
final class CodeGenerator {
  /// Probability that a bit differs from the center's.
  static final double FLIP = 0.05;

  private static final double LOG_KEPT = Math.log1p(-FLIP);

  private final CenterTable centers;
  private final SplittableRandom random;

  CodeGenerator(CenterTable centers, long seed) {
    this.centers = centers;
    this.random = new SplittableRandom(seed);
  }

  /// @param uniformShare share of codes that are uniformly random, 0 to 1
  /// @param hotShare share of the others that are near the first center, beside what falls to it as
  ///   to any, 0 to 1
  CodeSet draw(int size, double uniformShare, double hotShare) {
    int bits = centers.bits();
    CodeSet codes = new CodeSet(bits, size);
    long[][] centerWords = centers.centers().stream().map(HashCode::words).toArray(long[][]::new);
    long[] code = new long[HashCode.wordCount(bits)];
    for (int i = 0; i < size; i++) {
      if (uniformShare > 0 && random.nextDouble() < uniformShare) {
        drawUniform(bits, code);
      } else {
        boolean isHot = hotShare > 0 && random.nextDouble() < hotShare;
        long[] center = centerWords[isHot ? 0 : random.nextInt(centerWords.length)];
        System.arraycopy(center, 0, code, 0, code.length);
        for (int bit = gap(); bit < bits; bit += 1 + gap()) {
          code[bit / Long.SIZE] ^= 1L << bit;
        }
      }
      codes.set(i, code);
    }
    return codes;
  }

  private void drawUniform(int bits, long[] code) {
    for (int word = 0; word < code.length; word++) {
      code[word] = random.nextLong();
    }
    if (bits % Long.SIZE != 0) {
      code[code.length - 1] &= (1L << bits) - 1;
    }
  }

  /// Bits that stay before the next that flips: geometric, so that a draw costs as many logarithms
  /// as bits flip and not one for each bit.
  private int gap() {
    return (int) Math.min(HashCode.MAX_BITS, Math.log(1 - random.nextDouble()) / LOG_KEPT);
  }
}

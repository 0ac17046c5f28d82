package dev.mekiki.centers.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockedBitsTest {
  private static final long SEED = Seeds.seed(BlockedBitsTest.class);

  @Test
  void bitsAreBlockedWhileCountsSaySo() {
    Random random = Seeds.random(SEED, 0);
    int centers = 9;
    BlockedBits blocked = new BlockedBits(2, centers);
    int[][] counts = new int[centers][128];
    for (int step = 0; step < 20_000; step++) {
      int center = random.nextInt(centers);
      int word = random.nextInt(2);
      boolean more = random.nextBoolean();
      long bits = 0;
      long expected = 0;
      for (int bit = 0; bit < 64; bit++) {
        int before = counts[center][word * 64 + bit];
        boolean possible = more ? before < centers : before > 0;
        if (possible && random.nextInt(4) == 0) {
          bits |= 1L << bit;
          counts[center][word * 64 + bit] += more ? 1 : -1;
          expected |= before == (more ? 0 : 1) ? 1L << bit : 0;
        }
      }

      long changed = more ? blocked.add(center, word, bits) : blocked.remove(center, word, bits);
      assertThat(changed).isEqualTo(expected);
      int bit = random.nextInt(128);
      assertThat(blocked.isBlocked(center, bit)).isEqualTo(counts[center][bit] > 0);
    }
  }
}

package dev.mekiki.hashing.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdOrderTest {
  private static final long SEED = Seeds.seed(IdOrderTest.class);

  /// Code points on both sides of every border of the two encodings.
  private static final int[] POINTS = {
    0x0, 'a', 'b', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x103FF, 0x10400,
    0x10FFFF
  };

  @Test
  void idsAreOrderedAsTheirUnsignedBytes() {
    Random random = Seeds.random(SEED, 0);
    for (int pair = 0; pair < 20_000; pair++) {
      String a = id(random);
      String b = random.nextInt(4) == 0 ? a + id(random) : id(random);
      int bytes =
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

      assertThat(Integer.signum(IdOrder.COMPARATOR.compare(a, b)))
          .as("'%s' and '%s'", a, b)
          .isEqualTo(Integer.signum(bytes));
    }
  }

  private static String id(Random random) {
    StringBuilder id = new StringBuilder();
    int length = random.nextInt(4);
    for (int i = 0; i < length; i++) {
      id.appendCodePoint(POINTS[random.nextInt(POINTS.length)]);
    }
    return id.toString();
  }

  @Test
  void supplementaryCharactersComeAfterAllOthers() {
    // In UTF-16 units, the order of String, they come before U+FFFF.
    assertThat(IdOrder.COMPARATOR.compare("\uFFFF", "\uD800\uDC00")).isNegative();
    assertThat("\uFFFF".compareTo("\uD800\uDC00")).isPositive();
  }
}

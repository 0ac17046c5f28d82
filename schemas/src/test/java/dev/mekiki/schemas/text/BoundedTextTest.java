package dev.mekiki.schemas.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoundedTextTest {
  @Test
  void shortTextIsQuotedAsItIs() {
    assertThat(BoundedText.quote("image/jpeg; größe=2 \uD83D\uDE00"))
        .isEqualTo("image/jpeg; größe=2 \uD83D\uDE00");
    assertThat(BoundedText.quote("a".repeat(120))).isEqualTo("a".repeat(120));
    assertThat(BoundedText.quote((String) null)).isEqualTo("null");
  }

  @Test
  void longTextIsCutAndItsLengthNamed() {
    assertThat(BoundedText.quote("a".repeat(1_500_000)))
        .isEqualTo("a".repeat(120) + "... (1500000 characters)");
    assertThat(BoundedText.quote("a".repeat(1_500_000).getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("a".repeat(120) + "... (1500000 bytes)");
    assertThat(BoundedText.message("b".repeat(2000)))
        .isEqualTo("b".repeat(1000) + "... (2000 characters)");
    assertThat(BoundedText.message("b".repeat(10_000_000).getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("b".repeat(1000) + "... (10000000 bytes)");
  }

  @Test
  void controlCharactersAndLoneSurrogatesAreReplaced() {
    assertThat(BoundedText.quote("a\r\nWARN forged\u001b[2J\u2028\u202e\ud800"))
        .isEqualTo("a\\r\\nWARN forged\\u001b[2J\\u2028\\u202e\uFFFD");
    assertThat(BoundedText.quote(new byte[] {'a', (byte) 0xff, 'b'})).isEqualTo("a\uFFFDb");
  }

  @Test
  void failuresWithoutAMessageAreNamed() {
    assertThat(BoundedText.message(new IllegalStateException())).isEqualTo("IllegalStateException");
  }

  @Test
  void anyTextStaysBoundedAndOneLineOfUtf8() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      char[] characters = new char[random.nextInt(3_000)];
      for (int j = 0; j < characters.length; j++) {
        characters[j] = (char) random.nextInt(random.nextBoolean() ? 128 : 1 << 16);
      }
      check(BoundedText.quote(new String(characters)), 120);
      check(BoundedText.message(new String(characters)), 1000);
      byte[] bytes = new byte[random.nextInt(3_000)];
      random.nextBytes(bytes);
      check(BoundedText.quote(bytes), 120);
      check(BoundedText.message(bytes), 1000);
    }
  }

  private static void check(String bounded, int limit) {
    assertThat(bounded.length()).isLessThanOrEqualTo(limit + 30);
    assertThat(bounded.chars()).noneMatch(Character::isISOControl);
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(bounded)).isTrue();
  }
}

package dev.mekiki.hashing.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HashCodeTest {
  private static final long SEED = Seeds.seed(HashCodeTest.class);

  static IntStream widths() {
    return IntStream.rangeClosed(HashCode.MIN_BITS / 8, HashCode.MAX_BITS / 8).map(i -> i * 8);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void bytesHexAndWordsGiveTheSameCodeBack(int bits) {
    Random random = Seeds.random(SEED, bits);
    for (int round = 0; round < 100; round++) {
      HashCode code = RandomCodes.uniform(bits, random);

      assertThat(HashCode.fromBytes(code.toBytes())).isEqualTo(code);
      assertThat(HashCode.fromHex(code.toHex())).isEqualTo(code);
      assertThat(HashCode.fromHex(code.toHex().toUpperCase(Locale.ROOT))).isEqualTo(code);
      assertThat(HashCode.of(bits, code.words())).isEqualTo(code).hasSameHashCodeAs(code);
      assertThat(code.toBytes()).hasSize(bits / 8);
      assertThat(code.toHex()).hasSize(bits / 4);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void outputsAboveZeroAreTheBits(int bits) {
    Random random = Seeds.random(SEED, bits);
    float[] outputs = new float[bits];
    for (int i = 0; i < bits; i++) {
      outputs[i] = random.nextInt(5) == 0 ? 0 : (float) random.nextGaussian();
    }

    HashCode code = HashCode.fromOutputs(outputs);

    byte[] bytes = code.toBytes();
    for (int i = 0; i < bits; i++) {
      assertThat(code.bit(i)).isEqualTo(outputs[i] > 0);
      assertThat((bytes[i / 8] >> i % 8 & 1) != 0).isEqualTo(outputs[i] > 0);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void distanceCountsTheBitsThatDiffer(int bits) {
    Random random = Seeds.random(SEED, bits);
    for (int round = 0; round < 100; round++) {
      HashCode a = RandomCodes.uniform(bits, random);
      HashCode b = RandomCodes.uniform(bits, random);
      BitSet differing = BitSet.valueOf(a.toBytes());
      differing.xor(BitSet.valueOf(b.toBytes()));

      assertThat(a.distance(b)).isEqualTo(differing.cardinality()).isEqualTo(b.distance(a));
      assertThat(a.distance(a)).isZero();
    }
    assertThat(allBits(bits, 0).distance(allBits(bits, -1))).isEqualTo(bits);
  }

  private static HashCode allBits(int bits, int value) {
    byte[] bytes = new byte[bits / 8];
    Arrays.fill(bytes, (byte) value);
    return HashCode.fromBytes(bytes);
  }

  @Test
  void codesOfDifferentWidthsAreNotEqual() {
    assertThat(allBits(16, 0)).isNotEqualTo(allBits(24, 0));
  }

  @Test
  void whatIsNoCodeIsRefused() {
    assertThatThrownBy(() -> HashCode.of(12, 0))
        .hasMessage("bits: 12 (expected: a multiple of 8, 16 to 256)");
    assertThatThrownBy(() -> HashCode.fromBytes(new byte[33]))
        .hasMessage("bits: 264 (expected: a multiple of 8, 16 to 256)");
    assertThatThrownBy(() -> HashCode.of(16, 1L << 16))
        .hasMessage("words: a bit past bit 16 is 1 (expected: all 0)");
    assertThatThrownBy(() -> HashCode.of(64, 1, 2))
        .hasMessage("words: 2 longs (expected: 1 for 64 bits)");
    assertThatThrownBy(() -> HashCode.fromHex("xyz1"))
        .hasMessageStartingWith("code: 'xyz1' (expected: q / 4 hexadecimal digits");
    assertThatThrownBy(() -> allBits(16, 0).distance(allBits(24, 0)))
        .hasMessage("code: 24 bits (expected: 16)");
  }

  @Test
  void codesAreCopiedInAndOut() {
    long[] words = {5};
    HashCode code = HashCode.of(64, words);
    words[0] = 6;
    code.words()[0] = 7;

    assertThat(code.word(0)).isEqualTo(5);
  }
}

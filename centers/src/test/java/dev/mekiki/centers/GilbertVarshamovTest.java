package dev.mekiki.centers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GilbertVarshamovTest {
  @ParameterizedTest
  @CsvSource({"16, 4", "32, 10", "48, 17", "64, 24"})
  void hundredCentersHaveTheKnownDistances(int bits, int distance) {
    assertThat(GilbertVarshamov.minimumDistance(bits, 100)).isEqualTo(distance);
  }

  @ParameterizedTest
  @CsvSource({
    // 2^16 / 2: the balls of radius 8 are the first to hold half of all codes.
    "16, 2, 9",
    // Every code is a center.
    "4, 16, 1",
    // One center has none to keep a distance from.
    "16, 1, 17",
    // 1 + 8 codes make 1 / 10 of 256 no more than 1 + 8 + 28 do: 37 * 10 >= 256 > 9 * 10.
    "8, 10, 3"
  })
  void distanceIsTheSmallestWhoseBallsCoverTheSpace(int bits, int count, int distance) {
    assertThat(GilbertVarshamov.minimumDistance(bits, count)).isEqualTo(distance);
  }

  @Test
  void wideCodesDoNotOverflow() {
    assertThat(GilbertVarshamov.minimumDistance(256, 100)).isBetween(105, 115);
  }

  @Test
  void moreCentersThanCodesAreRefused() {
    assertThatThrownBy(() -> GilbertVarshamov.minimumDistance(4, 17))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("centers: 17 of 4 bits (expected: 1 to 2^4)");
    assertThatThrownBy(() -> GilbertVarshamov.minimumDistance(16, 0))
        .hasMessage("centers: 0 of 16 bits (expected: 1 to 2^16)");
  }
}

package dev.mekiki.training.report.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void linearAxisMarksFiveValues() {
    Axis axis = new Axis("similarity", -1, 1);

    assertThat(axis.ticks()).containsExactly(-1, -0.5, 0, 0.5, 1);
    assertThat(axis.share(0.5)).isEqualTo(0.75);
  }

  @Test
  void logarithmicAxisMarksThePowersOfTenInIt() {
    Axis axis = Axis.logarithmic("images", 200_000, 20_000_000);

    assertThat(axis.ticks()).containsExactly(1_000_000, 10_000_000);
    assertThat(axis.share(200_000)).isZero();
    assertThat(axis.share(2_000_000)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void logarithmicAxisStartsAboveZero() {
    assertThatThrownBy(() -> Axis.logarithmic("images", 0, 1))
        .hasMessage("axis: 0.0 to 1.0 (expected: rising, above 0)");
  }
}

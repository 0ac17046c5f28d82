package dev.mekiki.query.matches;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {
  @Test
  void textFormComesBack() {
    Positions positions = new Positions(List.of(0L, 17L, 123456789012L));
    assertThat(positions.toString()).isEqualTo("0-17-123456789012");
    assertThat(Positions.parse(positions.toString())).contains(positions);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", "1-", "-1", "1--2", "a", "1-b", "9999999999999999999", "1\n2", " 1"})
  void anythingElseIsNoPosition(String text) {
    assertThat(Positions.parse(text)).isEmpty();
  }
}

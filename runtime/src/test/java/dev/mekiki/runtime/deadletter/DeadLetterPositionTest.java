package dev.mekiki.runtime.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterPositionTest {
  @Test
  void itIsWrittenAsItIsRead() {
    DeadLetterPosition position = DeadLetterPosition.parse("3:1042");

    assertThat(position).isEqualTo(new DeadLetterPosition(3, 1042)).hasToString("3:1042");
    assertThat(position.inTopic("a.dlq")).isEqualTo("a.dlq/3/1042");
    assertThat(DeadLetterPosition.ofTopic("a.dlq", "a.dlq/3/1042")).contains(position);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "3",
        "3:",
        ":3",
        "-1:0",
        "3:-1",
        "3:1042 ",
        "3:1e3",
        "9999999999:1",
        "x:y\u001b"
      })
  void whatIsNoneIsRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> DeadLetterPosition.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: PARTITION:OFFSET, such as 3:1042");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.dlq", "b.dlq/3/1042", "a.dlq/3", "a.dlq/3/1042/5", "a.dlq/x/1"})
  void namesOfOthersAreNone(String text) {
    assertThat(DeadLetterPosition.ofTopic("a.dlq", text)).isEmpty();
  }
}

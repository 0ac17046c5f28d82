package dev.mekiki.launcher.command.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/// What `mekiki dlq` refuses before it asks Kafka.
class DlqCommandTest {
  @Test
  void anUnknownReasonIsRefusedWithThoseThatThereAre() {
    dlq("list", "--reason", "BROKEN").assertFailedWith(ExitCode.USAGE, "BROKEN", "UNDECODABLE");
  }

  @Test
  void whatIsNoPositionIsRefusedWithAnExample() {
    for (String command : new String[] {"show", "retry", "drop"}) {
      dlq(command, "3-17").assertFailedWith(ExitCode.USAGE, "position: '3-17'", "3:1042");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "10001"})
  void aLimitOutOfRangeIsRefused(String limit) {
    dlq("list", "--limit", limit)
        .assertFailedWith(ExitCode.USAGE, "--limit: " + limit + " (expected: 1..10000)");
  }

  @Test
  void retryAndDropMustBeToldWhichAreMeant() {
    for (String command : new String[] {"retry", "drop"}) {
      dlq(command).assertFailedWith(ExitCode.USAGE, "no dead letters are named", "--all");
      dlq(command, "--yes").assertFailedWith(ExitCode.USAGE, "no dead letters are named");
      dlq(command, "3:1", "--all").assertFailedWith(ExitCode.USAGE, "one or the other");
      dlq(command, "3:1", "--id", "a").assertFailedWith(ExitCode.USAGE, "one or the other");
    }
  }

  @Test
  void onlyNamedOnesAreRetriedAgain() {
    dlq("retry", "--all", "--again").assertFailedWith(ExitCode.USAGE, "--again without POSITION");
  }

  @Test
  void aCommandMustBeGiven() {
    Execution.of("dlq").assertFailedWith(ExitCode.USAGE, "a command is missing");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-30, 2026-11-30T00:00:00Z",
    "2026-11-30T06:00:00Z, 2026-11-30T06:00:00Z",
    "2026-11-30T06:00:00.5+02:00, 2026-11-30T04:00:00.500Z"
  })
  void timesAreReadAsWritten(String text, Instant time) {
    assertThat(new PointInTime().convert(text)).isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({"90s, 90", "5m, 300", "12h, 43200", "7d, 604800", "0s, 0"})
  void timesAgoAreBeforeNow(String text, long seconds) {
    assertThat(Duration.between(new PointInTime().convert(text), Instant.now()))
        .isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds + 60));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "12",
        "-1h",
        "1w",
        "999999d",
        "2026-13-01",
        "2026-11-30T06:00",
        "+999999999-12-31T23:59:59Z",
        "0000-01-01"
      })
  void whatIsNoTimeIsRefusedWithExamples(String text) {
    assertThatThrownBy(() -> new PointInTime().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("2026-11-30T06:00:00Z");
  }

  private static Execution dlq(String command, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = command;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Execution.ofCommand("dlq", all);
  }
}

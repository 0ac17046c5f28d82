package dev.mekiki.reliability.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogsTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:10Z");
  private static final Instant TO = Instant.parse("2026-01-01T00:00:20Z");

  @Test
  void aLineOfATraceIsOfTheTimeOfWhatItIsAbout() {
    assertThat(
            count(
                "2026-01-01T00:00:05.000Z ERROR before",
                "java.io.IOException: no space",
                "2026-01-01T00:00:11.000Z ERROR within",
                "java.io.IOException: no space",
                "2026-01-01T00:00:12.000Z WARN no space",
                "2026-01-01T00:00:21.000Z ERROR after",
                "java.io.IOException: no space"))
        .isEqualTo(2);
  }

  @Test
  void aLineBeforeAnyTimeIsOfNone() {
    assertThat(count("no space", "2026-01-01T00:00:11.000Z INFO begun")).isZero();
  }

  private static long count(String... lines) {
    return Logs.count(Stream.of(lines), Pattern.compile("no space"), FROM, TO);
  }
}

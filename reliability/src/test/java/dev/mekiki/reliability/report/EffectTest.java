package dev.mekiki.reliability.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.reliability.fault.Fault;
import dev.mekiki.reliability.fault.Fault.Kind;
import dev.mekiki.reliability.fault.Fault.Part;
import dev.mekiki.reliability.fault.Happened;
import dev.mekiki.reliability.topics.Progress.Lag;
import dev.mekiki.reliability.topics.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EffectTest {
  @Test
  void aFaultStopsProcessingForAWhile() {
    List<Effect> effects =
        Effect.of(
            List.of(fault(1, 10, 15), fault(2, 30, 32)),
            List.of(),
            List.of(
                new Watermark(at(14), at(19), Map.of(), Map.of()),
                new Watermark(at(20), at(22), Map.of(), Map.of())),
            List.of(lag(9, 5), lag(11, 6), lag(15, 6), lag(18, 7), lag(20, 9), lag(31, 20)),
            at(40));

    assertThat(effects.getFirst().pause()).isEqualTo(Duration.ofSeconds(11));
    assertThat(effects.getFirst().goesOnAfter()).isEqualTo(Duration.ofSeconds(3));
    assertThat(effects.getFirst().processedAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(effects.getLast().goesOnAfter()).isNull();
  }

  private static Happened fault(int number, int from, int to) {
    return new Happened(
        new Fault(
            number,
            Duration.ofSeconds(from),
            List.of(new Part(Kind.KILL, List.of("index-1"), Duration.ofSeconds(1)))),
        at(from),
        at(to),
        "",
        true);
  }

  private static Lag lag(int seconds, long processed) {
    return new Lag(at(seconds), 0, 0, processed);
  }

  private static Instant at(long seconds) {
    return Instant.ofEpochSecond(seconds);
  }
}

package dev.mekiki.reliability.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.reliability.cluster.Means;
import dev.mekiki.reliability.fault.Fault.Kind;
import dev.mekiki.reliability.fault.FaultSchedule.Wanted;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Wanted ALL = Wanted.all(EnumSet.allOf(Means.class));

  @Test
  void theSameSeedGivesTheSameFaults() {
    assertThat(FaultSchedule.of(1, QUARTER, ALL))
        .isEqualTo(FaultSchedule.of(1, QUARTER, ALL))
        .isNotEqualTo(FaultSchedule.of(2, QUARTER, ALL));
  }

  @Test
  void aQuarterOfAnHourHasThirtyFaultsOfEveryKind() {
    List<Fault> faults = FaultSchedule.of(1, QUARTER, ALL);

    Set<Kind> kinds =
        faults.stream()
            .flatMap(fault -> fault.parts().stream())
            .map(Fault.Part::kind)
            .collect(Collectors.toSet());
    assertThat(faults).hasSizeGreaterThanOrEqualTo(30);
    assertThat(kinds).isEqualTo(EnumSet.complementOf(EnumSet.of(Kind.ROLLING_RESTART)));
    assertThat(faults).anyMatch(fault -> fault.parts().size() > 1);
  }

  @Test
  void onlySomeFaultsComeWithPauses() {
    Duration pause = Duration.ofSeconds(40);
    List<Fault> faults =
        FaultSchedule.of(
            1, QUARTER, new Wanted(ALL.means(), pause, Pattern.compile("^(KILL|FREEZE) broker")));

    assertThat(faults)
        .hasSizeBetween(10, 25)
        .allMatch(fault -> fault.text().matches("(KILL|FREEZE) broker.*"));
    for (int i = 1; i < faults.size(); i++) {
      assertThat(faults.get(i).due()).isGreaterThan(faults.get(i - 1).due().plus(pause));
    }
  }

  @Test
  void thereMayBeNoSuchFault() {
    Wanted none = new Wanted(ALL.means(), null, Pattern.compile("no such"));

    assertThat(FaultSchedule.of(1, QUARTER, none)).isEmpty();
  }
}

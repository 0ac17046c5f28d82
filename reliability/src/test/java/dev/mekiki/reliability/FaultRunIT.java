package dev.mekiki.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.reliability.fault.FaultSchedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Four minutes of faults with a seed that does not change. What a run leaves lies in
/// `target/runs`; longer ones are started by `reliability/run`.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class FaultRunIT {
  @Test
  void nothingIsLostDoubledOrWrong() throws Exception {
    Path runs = Path.of(System.getProperty("mekiki.root", ".."), "reliability", "target", "runs");
    Settings settings =
        new Settings(
            Long.getLong("mekiki.seed", 25),
            Duration.ofMinutes(4),
            8,
            false,
            false,
            FaultSchedule.Wanted.all(Set.of()),
            true,
            runs.resolve("FaultRunIT-" + System.currentTimeMillis()),
            false);

    Result result = new FaultRun(settings, System.out).run();

    assertThat(result.wrong()).as(result.report()).isEmpty();
  }
}

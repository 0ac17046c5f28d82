package dev.mekiki.benchmarks.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapacityPlanTest {
  private static final String CONSTANTS =
      """
      heap-bytes = 100
      disk-bytes = 1000
      broker-bytes = 2000
      probe-bytes = 100
      retention-seconds = 1000
      arrival-micros = 50
      probe-micros = 10
      look-up-micros = 1000:1 100000:100
      codes-probed = 8:1 1024:20
      skew = 8:1
      restore-per-second = 100000
      encoded-per-core = 50
      encoded-per-gpu = 1000
      broker-copies = 3
      standbys = 1
      machine-cores = 16
      machine-bytes = 32e9
      busy = 0.5
      largest-partition = 1e7
      """;

  @ParameterizedTest
  @ValueSource(strings = {"everywhere", "codes"})
  void thePageShowsThePlanOfTheConstants(String reach) throws IOException {
    Path page = Path.of(System.getProperty("mekiki.root", ".."), "docs", "scaling.md");

    assertThat(Files.readString(page))
        .as("docs/scaling.md (remedy: mekiki bench scale --plan prints its tables)")
        .contains(new CapacityPlan().markdown(reach));
  }

  @Test
  void aRowIsWhatIsComputedByHand() {
    // 1 M images at 1,000 arrivals a second: 8 partitions have 125,000 rows each, a look-up of 125
    // us
    // and 1,000 of them a second. That is below half a core, and 10 us more each for the record.
    PlanRow row = plan(CONSTANTS).row(true, 1e6, 1_000);

    assertThat(row.partitions()).isEqualTo(8);
    assertThat(row.rows()).isEqualTo(125_000);
    assertThat(row.probes()).isEqualTo(7);
    // 125 homed x (50 + 125) + 875 probed x (10 + 125) us
    assertThat(row.busiestCore()).isCloseTo(0.14, within(1e-9));
    assertThat(row.indexCores()).isCloseTo(8 * 0.14 / 0.5, within(1e-9));
    assertThat(row.indexMachines()).isEqualTo(2);
    assertThat(row.encoderCores()).isEqualTo(20);
    assertThat(row.gpus()).isEqualTo(1);
    assertThat(row.probeBytes()).isCloseTo(1_000 * 7 * 100 * 1000 * 3.0, within(1.0));
    assertThat(row.brokerBytes()).isCloseTo(row.probeBytes() + 6e9, within(1.0));
    assertThat(row.takeoverSeconds()).isCloseTo(5, within(1e-9));
  }

  @Test
  void morePartitionsAreTakenUntilTheBusiestThreadKeepsUp() {
    PlanRow row = plan(CONSTANTS).row(true, 1e6, 10_000);

    assertThat(row.partitions()).isEqualTo(32);
    assertThat(row.busiestCore()).isLessThanOrEqualTo(0.5);
  }

  @Test
  void whereTheRecordsOfProbesAloneFillAThreadNoNumberIsEnough() {
    PlanRow row =
        plan(CONSTANTS.replace("probe-micros = 10", "probe-micros = 60")).row(true, 1e6, 10_000);

    assertThat(row.partitions()).isZero();
    assertThat(row.busiestCore()).isGreaterThan(0.5);
  }

  @Test
  void whatWasNotMeasuredIsADash() {
    String table =
        plan(CONSTANTS.replaceAll("(?m)^(look-up-micros|heap-bytes) =.*$", "$1 ="))
            .markdown("codes");

    assertThat(table.lines().skip(2)).allMatch(line -> line.contains(" | – | "));
  }

  @Test
  void aCurveGoesThroughItsPointsAndOnBeyondThem() {
    Curve curve = new Curve("10:1 1000:10");

    assertThat(curve.at(10)).isEqualTo(1);
    assertThat(curve.at(100)).isCloseTo(Math.sqrt(10), within(1e-9));
    assertThat(curve.at(1000)).isCloseTo(10, within(1e-9));
    assertThat(curve.at(100_000)).isCloseTo(100, within(1e-9));
    assertThat(curve.at(0.1)).isCloseTo(0.1, within(1e-9));
    assertThat(new Curve("").at(1)).isNaN();
  }

  private static CapacityPlan plan(String constants) {
    Properties values = new Properties();
    try {
      values.load(new StringReader(constants));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CapacityPlan(PlanConstants.of(values));
  }
}

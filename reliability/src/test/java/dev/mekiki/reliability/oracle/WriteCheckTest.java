package dev.mekiki.reliability.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.reliability.load.Entry;
import dev.mekiki.reliability.load.Operation;
import dev.mekiki.reliability.load.Operation.Kind;
import dev.mekiki.reliability.load.Outcome;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Records;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Operations have the numbers of the offsets of their records.
class WriteCheckTest {
  private final Records records = new Records();
  private final Place place = records.encoded("a", "house", 1);

  @Test
  void whatWasAcknowledgedIsThere() {
    assertThat(wrong(entry(0, Outcome.DONE, place))).isEmpty();
    assertThat(wrong(entry(1, Outcome.DONE, new Place(0, 9))))
        .singleElement()
        .asString()
        .startsWith("acknowledged and lost");
  }

  @Test
  void whatWasRefusedIsNot() {
    assertThat(wrong(entry(5, Outcome.FAILED, null))).isEmpty();
    assertThat(wrong(entry(0, Outcome.FAILED, null)))
        .singleElement()
        .asString()
        .startsWith("refused and written");
  }

  @Test
  void whatIsUnknownMayBeThereOrNot() {
    assertThat(wrong(entry(0, Outcome.UNKNOWN, null))).isEmpty();
    assertThat(wrong(entry(5, Outcome.UNKNOWN, null))).isEmpty();
  }

  @Test
  void whatIsWrongWithTheTopicsIsReportedToo() {
    records.image("b", "lost");

    assertThat(wrong()).singleElement().asString().startsWith("topics: ");
  }

  private List<String> wrong(Entry... entries) {
    Findings findings = new Findings();
    new WriteCheck(records.history()).check(List.of(entries), findings);
    return findings.lines();
  }

  private static Entry entry(int operation, Outcome outcome, @Nullable Place source) {
    return new Entry(
        new Operation(operation, Duration.ZERO, Kind.ADD, "a", 0, 0, 1, ""),
        Instant.EPOCH,
        Instant.EPOCH,
        outcome,
        source == null
            ? null
            : SourceCoordinate.newBuilder()
                .setPartition(source.partition())
                .setOffset(source.offset())
                .build(),
        null,
        "",
        false);
  }
}

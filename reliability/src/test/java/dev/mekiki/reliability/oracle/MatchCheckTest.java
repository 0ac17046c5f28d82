package dev.mekiki.reliability.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Records;
import dev.mekiki.reliability.topics.Watermark;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.MatchedImage;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Each fault that the check is there for is found, and a right run is right.
class MatchCheckTest {
  private final Records records = new Records();
  private final Place house = records.encoded("a", "house", 0b0001);
  private final Place nearHouse = records.encoded("b", "near house", 0b0111);

  @Test
  void aRightRunIsRight() {
    records.encoded("c", "far", -1L);

    assertThat(wrong(List.of(), event("1", nearHouse, house, MatchKind.DUPLICATE))).isEmpty();
  }

  @Test
  void aPairIsMissed() {
    assertThat(wrong(List.of())).singleElement().asString().startsWith("pair missing: ");
  }

  @Test
  void aPairOfWhichOneIsGoneNeedNotBeThere() {
    records.image("a", null);

    assertThat(wrong(List.of())).isEmpty();
  }

  @Test
  void aPairComesTwice() {
    assertThat(
            wrong(
                List.of(),
                event("1", nearHouse, house, MatchKind.DUPLICATE),
                event("2", house, nearHouse, MatchKind.DUPLICATE)))
        .singleElement()
        .asString()
        .startsWith("pair twice: ");
  }

  @Test
  void anEventIdComesTwice() {
    Place same = records.encoded("c", "house", 0b0001);

    assertThat(
            wrong(
                List.of(),
                event("1", nearHouse, house, MatchKind.DUPLICATE),
                event("2", same, nearHouse, MatchKind.DUPLICATE),
                event("2", same, house, MatchKind.EXACT)))
        .singleElement()
        .asString()
        .startsWith("event id twice: ");
  }

  @Test
  void anEventIsOfNoPairOrOfAnotherKind() {
    Place far = records.encoded("c", "far", -1L);

    assertThat(
            wrong(
                List.of(),
                event("1", nearHouse, house, MatchKind.EXACT),
                event("2", far, house, MatchKind.DUPLICATE)))
        .anyMatch(line -> line.startsWith("event of another kind: "))
        .anyMatch(line -> line.startsWith("event of no pair: "))
        .hasSize(2);
  }

  @Test
  void anEventNamesARevisionThatNeverWas() {
    assertThat(
            wrong(
                List.of(),
                event("1", nearHouse, house, MatchKind.DUPLICATE),
                event("2", new Place(0, 77), house, MatchKind.DUPLICATE)))
        .singleElement()
        .asString()
        .startsWith("event of no revision: ");
  }

  /// The event was made at 1,000 ms.
  @Test
  void anEventNamesAnImageWhoseRemovalHadBeenProcessed() {
    records.image("a", null);
    Match event = event("1", nearHouse, house, MatchKind.DUPLICATE);

    assertThat(wrong(List.of(watermark(900, 3)), event))
        .singleElement()
        .asString()
        .startsWith("event of a removed image: ");
    assertThat(wrong(List.of(watermark(900, 2)), event)).isEmpty();
    assertThat(wrong(List.of(watermark(1_100, 3)), event)).isEmpty();
  }

  private List<String> wrong(List<Watermark> watermarks, Match... events) {
    Findings findings = new Findings();
    new MatchCheck(records.history(), watermarks).check(List.of(events), findings);
    return findings.lines();
  }

  private static Watermark watermark(long reachedMillis, long end) {
    Instant reached = Instant.ofEpochMilli(reachedMillis);
    return new Watermark(reached.minusMillis(10), reached, Map.of(0, end));
  }

  private static Match event(String id, Place later, Place earlier, MatchKind kind) {
    return Match.newBuilder()
        .setEventId(id)
        .setKind(kind)
        .setLater(image(later))
        .setEarlier(image(earlier))
        .setMatchTime(Timestamps.fromMillis(1_000))
        .build();
  }

  private static MatchedImage image(Place place) {
    return MatchedImage.newBuilder()
        .setRevision(
            SourceCoordinate.newBuilder().setPartition(place.partition()).setOffset(place.offset()))
        .build();
  }
}

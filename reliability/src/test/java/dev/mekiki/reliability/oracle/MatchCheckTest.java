package dev.mekiki.reliability.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.reliability.decision.Decision;
import dev.mekiki.reliability.topics.MatchLog.Event;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Records;
import dev.mekiki.reliability.topics.Watermark;
import dev.mekiki.runtime.policy.VerdictId;
import dev.mekiki.schemas.v1.MatchKind;
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

  /// The event stands at offset 1,000 of `matches`.
  @Test
  void anEventNamesAnImageWhoseRemovalHadBeenProcessed() {
    records.image("a", null);
    Event event = event("1", nearHouse, house, MatchKind.DUPLICATE);

    assertThat(wrong(List.of(watermark(900, 3)), event))
        .singleElement()
        .asString()
        .startsWith("event of a removed image: ");
    assertThat(wrong(List.of(watermark(900, 2)), event)).isEmpty();
    assertThat(wrong(List.of(watermark(1_100, 3)), event)).isEmpty();
  }

  @Test
  void tenantsDoNotMatch() {
    Place other = records.encoded("shop", "c", "house", 0b0001);
    Event right = event("1", nearHouse, house, MatchKind.DUPLICATE);

    assertThat(wrong(List.of(), right)).isEmpty();
    assertThat(wrong(List.of(), right, event("2", other, house, MatchKind.EXACT)))
        .singleElement()
        .asString()
        .startsWith("event of no pair: ");
  }

  @Test
  void aDismissedPairMakesNoEventOnceThatIsSettled() {
    Event event = event("1", nearHouse, house, MatchKind.DUPLICATE);
    Decision inForce = decision(true, 500, 600);

    assertThat(wrong(List.of(inForce), List.of(watermark(900, 0)), event))
        .singleElement()
        .asString()
        .startsWith("event of a dismissed pair: ");
    assertThat(wrong(List.of(), List.of(watermark(900, 0)), event)).isEmpty();
    // Nobody knows whether all have read it, or had before what arrived then was decided.
    Decision unknown = new Decision(inForce.pair(), true, at(500), null);
    assertThat(wrong(List.of(unknown), List.of(watermark(900, 0)), event)).isEmpty();
    assertThat(wrong(List.of(inForce), List.of(watermark(605, 0)), event)).isEmpty();
    // It was taken back before, or nobody knows.
    assertThat(
            wrong(List.of(inForce, decision(false, 950, 960)), List.of(watermark(900, 0)), event))
        .isEmpty();
    assertThat(
            wrong(
                List.of(inForce, decision(false, 1_200, 1_300)),
                List.of(watermark(900, 0), watermark(1_100, 0)),
                event))
        .singleElement()
        .asString()
        .startsWith("event of a dismissed pair: ");
  }

  @Test
  void aDismissedPairNeedNotHaveAnEventUnlessItWasDecidedBeforeOrAfterwards() {
    Decision dismissed = decision(true, 500, 600);

    assertThat(wrong(List.of(dismissed), List.of(watermark(900, 2)))).isEmpty();
    assertThat(wrong(List.of(dismissed), List.of(watermark(400, 1)))).isEmpty();
    assertThat(wrong(List.of(dismissed), List.of(watermark(400, 2))))
        .singleElement()
        .asString()
        .startsWith("pair missing: ");
    List<Decision> withdrawn = List.of(dismissed, decision(false, 700, 800));
    assertThat(wrong(withdrawn, List.of(watermark(900, 2)))).isEmpty();
    assertThat(wrong(withdrawn, List.of(watermark(900, 1))))
        .singleElement()
        .asString()
        .startsWith("pair missing: ");
  }

  private List<String> wrong(List<Watermark> watermarks, Event... events) {
    return wrong(List.of(), watermarks, events);
  }

  private List<String> wrong(
      List<Decision> decisions, List<Watermark> watermarks, Event... events) {
    Findings findings = new Findings();
    new MatchCheck(records.history(), watermarks, new Verdicts(decisions, watermarks))
        .check(List.of(events), findings);
    return findings.lines();
  }

  private static Decision decision(boolean dismissed, long sentMillis, long inForceMillis) {
    String pair =
        new VerdictId(
                "",
                Sha256.fromHex(Records.hash("house")),
                Sha256.fromHex(Records.hash("near house")))
            .toString();
    return new Decision(pair, dismissed, at(sentMillis), at(inForceMillis));
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  /// Looked for 10 ms before it was reached, when `matches` had one record a millisecond.
  private static Watermark watermark(long reachedMillis, long end) {
    Instant reached = at(reachedMillis);
    return new Watermark(
        reached.minusMillis(10), reached, Map.of(0, end), Map.of(0, reachedMillis));
  }

  private static Event event(String id, Place later, Place earlier, MatchKind kind) {
    return Events.at(1_000, id, later, earlier, kind);
  }
}

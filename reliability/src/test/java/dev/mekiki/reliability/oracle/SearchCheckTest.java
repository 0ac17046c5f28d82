package dev.mekiki.reliability.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.reliability.load.Entry;
import dev.mekiki.reliability.load.Operation;
import dev.mekiki.reliability.load.Operation.Kind;
import dev.mekiki.reliability.load.Outcome;
import dev.mekiki.reliability.topics.Homes;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Records;
import dev.mekiki.reliability.topics.Watermark;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SourceCoordinate;
import dev.mekiki.schemas.v1.StandbyAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Each fault that the check is there for is found, and right answers are right. Images are sent at
/// the milliseconds of their offsets; the search lasts from 1,000 to 1,010 ms.
class SearchCheckTest {
  private static final int LIMIT = 2;

  private final Records records = new Records();
  private final Place near = records.encoded("near", "near", 0b0001);
  private final Place middle = records.encoded("middle", "middle", 0b0011);
  private final Place far = records.encoded("far", "far", 0b1111);

  @Test
  void theNearestAreRight() {
    assertThat(wrong(answer(hit("near", near, 1), hit("middle", middle, 2)).build())).isEmpty();
  }

  @Test
  void aSettledImageIsLeftOut() {
    assertThat(wrong(answer(hit("near", near, 1), hit("far", far, 4)).build()))
        .singleElement()
        .asString()
        .startsWith("an answer leaves out an image: 'middle'");
    assertThat(wrong(answer(hit("near", near, 1)).build())).hasSize(2);
  }

  @Test
  void anImageThatIsNotSettledMayBeLeftOut() {
    // It is known to have been processed, and was sent again just before the search ended.
    records.encoded("middle", "another", 0b11);

    Watermark before = new Watermark(at(900), at(950), Map.of(0, 3L), Map.of());

    assertThat(wrong(before, answer(hit("near", near, 1), hit("far", far, 4)).build())).isEmpty();
  }

  @Test
  void aNamedPartitionMayBeMissing() {
    SearchResponse partial =
        answer(hit("near", near, 1), hit("far", far, 4))
            .setComplete(false)
            .addMissingPartitions(1)
            .build();

    assertThat(wrong(partial)).isEmpty();
  }

  @Test
  void aPartialAnswerNamesWhatIsMissing() {
    assertThat(
            wrong(
                answer(hit("near", near, 1), hit("middle", middle, 2)).setComplete(false).build()))
        .singleElement()
        .asString()
        .startsWith("an answer is partial without a name");
  }

  @Test
  void aStandbyMayLagIfItSaysSo() {
    SearchResponse.Builder answer = answer(hit("near", near, 1), hit("far", far, 4));

    assertThat(wrong(answer.addStandby(standby(5)).build())).isEmpty();
    assertThat(wrong(answer.clearStandby().addStandby(standby(0)).build()))
        .singleElement()
        .asString()
        .startsWith("a standby that is up to date leaves out an image");
  }

  /// The watermark is reached at 950 ms, and the search begins at 1,000 ms.
  @Test
  void aStandbyHasWhatWasThereWhenItLooked() {
    SearchResponse.Builder answer = answer(hit("near", near, 1), hit("far", far, 4));

    assertThat(wrong(answer.addStandby(standby(0, 100)).build())).isEmpty();
    assertThat(wrong(answer.clearStandby().addStandby(standby(0, 40)).build())).hasSize(1);
  }

  @Test
  void aRemovedImageIsFound() {
    records.image("near", null);

    assertThat(
            wrong(
                new Watermark(at(900), at(950), Map.of(0, 4L), Map.of()),
                answer(hit("near", near, 1), hit("middle", middle, 2)).build()))
        .singleElement()
        .asString()
        .startsWith("a removed image was found");
  }

  @Test
  void hitsAreRightAndInOrder() {
    assertThat(wrong(answer(hit("middle", middle, 2), hit("near", near, 1)).build()))
        .contains("hits out of order: " + text("2 hits, missing [], standby []"));
    assertThat(wrong(answer(hit("near", near, 1), hit("middle", middle, 3)).build()))
        .anyMatch(line -> line.startsWith("a hit at another distance"));
    assertThat(wrong(answer(hit("near", near, 1), hit("x", new Place(0, 9), 1)).build()))
        .anyMatch(line -> line.startsWith("a hit that was never sent"));
    assertThat(wrong(answer(hit("near", near, 1), hit("near", near, 1)).build()))
        .anyMatch(line -> line.startsWith("a hit twice"));
  }

  @Test
  void aSettledImageIsNotFoundByItsId() {
    Entry entry =
        new Entry(
            operation(Kind.SEARCH_BY_ID, "near"),
            at(1_000),
            at(1_010),
            Outcome.FAILED,
            null,
            null,
            "no such image",
            true);

    assertThat(wrong(processed(), entry))
        .singleElement()
        .asString()
        .startsWith("an indexed image was not found");
  }

  @Test
  void aSearchForOneTenantFindsItsImagesAlone() {
    Place own = records.encoded("shop", "own", "own", 0b0111);

    assertThat(wrong(processed(), search("shop", answer(hit("own", own, 3)).build()))).isEmpty();
    assertThat(wrong(processed(), search("shop", answer().build())))
        .singleElement()
        .asString()
        .startsWith("an answer leaves out an image: 'own'");
    assertThat(
            wrong(
                processed(),
                search("shop", answer(hit("near", near, 1), hit("own", own, 3)).build())))
        .singleElement()
        .asString()
        .startsWith("a hit of another tenant: near");
  }

  private List<String> wrong(SearchResponse answer) {
    return wrong(processed(), answer);
  }

  private List<String> wrong(Watermark before, SearchResponse answer) {
    return wrong(before, search("", answer));
  }

  private static Entry search(String tenant, SearchResponse answer) {
    return new Entry(
        new Operation(7, Duration.ZERO, Kind.SEARCH_BY_PICTURE, "", 0, 0, LIMIT, tenant),
        at(1_000),
        at(1_010),
        Outcome.DONE,
        null,
        answer,
        "",
        false);
  }

  private List<String> wrong(Watermark before, Entry entry) {
    Findings findings = new Findings();
    Homes homes = Homes.of(Map.of(near, 0, middle, 1, far, 2));
    new SearchCheck(records.history(), List.of(before), homes, findings).check(List.of(entry));
    return findings.lines();
  }

  private static Watermark processed() {
    return new Watermark(at(900), at(950), Map.of(0, 100L), Map.of());
  }

  private static Operation operation(Kind kind, String id) {
    return new Operation(7, Duration.ZERO, kind, id, 0, 0, LIMIT, "");
  }

  private static String text(String answer) {
    return "operation 7 (SEARCH_BY_PICTURE, k=2, %s to %s, %s)"
        .formatted(at(1_000), at(1_010), answer);
  }

  private static SearchResponse.Builder answer(SearchHit... hits) {
    return SearchResponse.newBuilder()
        .setComplete(true)
        .setCode(HashCode.of(64, 0).toHex())
        .addAllHits(List.of(hits));
  }

  private static SearchHit hit(String id, Place place, int distance) {
    return SearchHit.newBuilder()
        .setImageId(id)
        .setCodeDistance(distance)
        .setRevision(
            SourceCoordinate.newBuilder().setPartition(place.partition()).setOffset(place.offset()))
        .build();
  }

  private static StandbyAnswer standby(long lag) {
    return standby(lag, 0);
  }

  private static StandbyAnswer standby(long lag, long ageMillis) {
    return StandbyAnswer.newBuilder()
        .setPartition(1)
        .setLag(lag)
        .setLagAgeMillis(ageMillis)
        .build();
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }
}

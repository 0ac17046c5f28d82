package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.PartitionIndexDriver.CODE;
import static dev.mekiki.index.topology.PartitionIndexDriver.ELSEWHERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.HERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.WORLD;
import static dev.mekiki.index.topology.PartitionIndexDriver.at;
import static dev.mekiki.index.topology.PartitionIndexDriver.parse;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.index.World;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.Placement;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/// Arrivals at a partition and the events of their matches.
class PartitionIndexTopologyTest extends PartitionIndexTestBase {
  @Test
  void pairIsReportedOnceByTheSecondArrival() {
    index.arrive("a", at(HERE, CODE, "one", 1));
    assertThat(index.matches().isEmpty()).isTrue();

    index.arrive("b", at(HERE, World.at(CODE, 3), "two", 2));

    Match match = index.onlyMatch();
    assertThat(match.getKind()).isEqualTo(MatchKind.DUPLICATE);
    assertThat(match.getLater().getId()).isEqualTo("b");
    assertThat(match.getLater().getRevision()).isEqualTo(World.source(2));
    assertThat(match.getEarlier().getId()).isEqualTo("a");
    assertThat(match.getEarlier().getRevision()).isEqualTo(World.source(1));
    assertThat(match.getCodeDistance()).isEqualTo(3);
    assertThat(match.getFingerprintDistance()).isZero();
    assertThat(match.getCenterLabel()).isEqualTo("class 0");
    assertThat(match.getGeneration()).isEqualTo(WORLD.geometry().id());
    assertThat(match.getLeftOut()).isZero();
  }

  @Test
  void eventIsACloudEventInBinaryMode() {
    index.arrive("a", at(HERE, CODE, "same", 1));
    index.arrive("b", at(HERE, CODE, "same", 2));

    TestRecord<String, String> record = index.matches().readRecord();
    assertThat(record.key()).isEqualTo("b");
    assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(record, "ce_type")).isEqualTo("dev.mekiki.match.exact");
    assertThat(header(record, "ce_source"))
        .isEqualTo("/mekiki/generations/" + WORLD.geometry().id());
    assertThat(header(record, "ce_subject")).isEqualTo("b");
    assertThat(header(record, "ce_time")).isEqualTo("1970-01-01T00:33:20Z");
    assertThat(header(record, "content-type")).isEqualTo("application/json");
    assertThat(header(record, "ce_id")).isEqualTo(parse(record.value()).getEventId()).hasSize(32);
    assertThat(record.headers().toArray()).hasSize(7);
  }

  @Test
  void eventIdIsTheSameForTheSameRevisionsInEitherOrder() {
    index.arrive("a", at(HERE, CODE, "one", 1));
    index.arrive("b", at(HERE, CODE, "two", 2));
    String first = index.onlyMatch().getEventId();
    index.arrive("a", null);

    index.arrive("a", at(HERE, CODE, "one", 1));

    Match again = index.onlyMatch();
    assertThat(again.getEventId()).isEqualTo(first);
    assertThat(again.getLater().getId()).isEqualTo("b");
  }

  @Test
  void newRevisionMatchesAgainAndReplacesTheOldOne() {
    index.arrive("a", at(HERE, CODE, "one", 1));
    index.arrive("b", at(HERE, CODE, "two", 2));
    String first = index.onlyMatch().getEventId();

    index.arrive("b", at(HERE, World.at(CODE, 2), "three", 3));

    Match match = index.onlyMatch();
    assertThat(match.getEventId()).isNotEqualTo(first);
    assertThat(match.getLater().getRevision()).isEqualTo(World.source(3));
    assertThat(index.store().images()).isEqualTo(2);
  }

  @Test
  void sameRevisionIsStoredAndTellsNothing() {
    index.arrive("a", at(HERE, CODE, "one", 1));
    index.arrive("b", at(HERE, CODE, "two", 2));
    index.onlyMatch();

    index.arrive("b", at(HERE, CODE, "two", 2).toBuilder().putFilterableMetadata("k", "v").build());

    assertThat(index.matches().isEmpty()).isTrue();
    assertThat(index.store().placement("b").orElseThrow().getFilterableMetadataMap())
        .containsEntry("k", "v");
  }

  @Test
  void removedImageMatchesNothingMore() {
    index.arrive("a", at(HERE, CODE, "one", 1));
    index.arrive("a", null);
    index.arrive("a", null);

    index.arrive("b", at(HERE, CODE, "two", 2));

    assertThat(index.matches().isEmpty()).isTrue();
    assertThat(index.store().placement("a")).isEmpty();
    assertThat(index.found(CODE)).containsExactly("b");
  }

  @Test
  void imageOfAnotherHomeIsLeftOut() {
    index.arrive("a", at(ELSEWHERE, CODE, "one", 1));

    assertThat(index.store().images()).isZero();
    assertThat(index.leftOut("code-placements")).isOne();
  }

  @Test
  void laterImageIsTheOneOfTheLaterTimestampNotOfTheLaterArrival() {
    index.arrive("a", at(HERE, CODE, "one", 9));

    index.arrive("b", at(HERE, CODE, "two", 2));

    TestRecord<String, String> record = index.matches().readRecord();
    assertThat(record.key()).isEqualTo("a");
    assertThat(parse(record.value()).getLater().getId()).isEqualTo("a");
    assertThat(parse(record.value()).getLater().getRevision()).isEqualTo(World.source(9));
  }

  @Test
  void mutedImageReportsNothingAsTheLaterOneAndIsReportedAsTheEarlier() {
    index.arrive("a", at(HERE, CODE, "one", 1));
    index.arrive("b", at(HERE, CODE, "two", 2).toBuilder().setMute(true).build());
    assertThat(index.matches().isEmpty()).isTrue();

    index.arrive("c", at(HERE, CODE, "three", 3));

    assertThat(index.matches().readRecordsToList())
        .extracting(record -> parse(record.value()).getEarlier().getId())
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void kindsAreDistinguished() {
    reopen(new MatchSettings(new MatchPolicy(Reach.CODES, 4, 31, 8), 100));
    index.arrive("exact", at(HERE, World.at(CODE, 4), "same", 1));
    index.arrive("duplicate", at(HERE, World.at(CODE, 3), "one", 2));
    index.arrive("near", at(HERE, World.at(CODE, 8), World.fingerprint(new Random(1)), "two", 3));
    index.arrive("far", at(HERE, World.at(CODE, 9), World.fingerprint(new Random(2)), "three", 4));
    index.matches().readRecordsToList();

    index.arrive("x", at(HERE, CODE, "same", 5));

    assertThat(index.matches().readRecordsToList())
        .extracting(record -> parse(record.value()))
        .extracting(match -> match.getKind() + " " + match.getEarlier().getId())
        .containsExactly("DUPLICATE duplicate", "EXACT exact", "NEAR near");
  }

  @Test
  void capKeepsTheNearestAndSaysHowManyWereLeftOut() {
    reopen(new MatchSettings(new MatchPolicy(Reach.EVERYWHERE, 8, 31, null), 2));
    for (int distance = 5; distance > 0; distance--) {
      index.arrive(
          "d" + distance, at(HERE, World.at(CODE, distance), "content " + distance, distance));
    }
    index.matches().readRecordsToList();

    index.arrive("x", at(HERE, CODE, "x", 9));

    List<Match> emitted =
        index.matches().readRecordsToList().stream().map(record -> parse(record.value())).toList();
    assertThat(emitted).extracting(match -> match.getEarlier().getId()).containsExactly("d1", "d2");
    assertThat(emitted).extracting(Match::getLeftOut).containsExactly(3L, 3L);
    assertThat(emitted).extracting(Match::getLeftOutAtLeast).containsExactly(false, false);
  }

  @Test
  void capOfZeroKeepsImagesAndTellsNothing() {
    reopen(new MatchSettings(new MatchPolicy(Reach.EVERYWHERE, 8, 31, null), 0));
    index.arrive("a", at(HERE, CODE, "same", 1));
    index.arrive("b", at(HERE, CODE, "same", 2));

    assertThat(index.matches().isEmpty()).isTrue();
    assertThat(index.store().images()).isEqualTo(2);
    assertThat(index.sentProbes()).isEmpty();
    index.probe("c", 1, 0, at(ELSEWHERE, CODE, "same", 3));
    assertThat(index.matches().isEmpty()).isTrue();
  }

  @Test
  void capSaysAtLeastWhereNotAllWereLookedAt() {
    reopen(new MatchSettings(new MatchPolicy(Reach.EVERYWHERE, 8, 31, null), 1));
    for (int i = 10; i < 40; i++) {
      index.arrive("d" + i, at(HERE, CODE, "content " + i, i));
    }
    index.matches().readRecordsToList();

    index.arrive("x", at(HERE, CODE, "x", 90));

    Match emitted = index.onlyMatch();
    assertThat(emitted.getLeftOut()).isEqualTo(9);
    assertThat(emitted.getLeftOutAtLeast()).isTrue();
  }

  @Test
  void latencyIsRecordedByStage() {
    index.arrive("a", at(HERE, CODE, "one", 1));
    index.arrive("b", at(HERE, CODE, "two", 2));

    long now = TopologyFixture.CLOCK.millis();
    assertThat(index.latency("encoder")).isEqualTo(10);
    assertThat(index.latency("placement")).isEqualTo(10);
    assertThat(index.latency("index")).isEqualTo((double) now - 1_000_022);
    assertThat(index.latency("total")).isEqualTo((double) now - 1_000_002);
  }

  @Test
  void imageOfAnyValidTimeIsMatched() {
    index.arrive("a", atTime("one", 1, -62_135_596_800L));
    index.arrive("b", atTime("two", 2, 253_402_300_799L));
    index.arrive("c", atTime("three", 3, -62_135_596_800L));

    assertThat(index.matches().readRecordsToList()).hasSize(3);
    assertThat(index.latency("total")).isBetween(1.0, 3 * 24 * 3_600_000.0);
  }

  private Placement atTime(String content, long offset, long seconds) {
    return at(HERE, CODE, content, offset).toBuilder()
        .setImageTime(Timestamps.fromSeconds(seconds))
        .build();
  }

  private static String header(TestRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}

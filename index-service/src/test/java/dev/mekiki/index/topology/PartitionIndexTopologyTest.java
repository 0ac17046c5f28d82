package dev.mekiki.index.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.index.World;
import dev.mekiki.index.partition.MatchProcessor;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.index.partition.OutgoingProbesSerializer;
import dev.mekiki.index.partition.PlacementStore;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.Probe;
import dev.mekiki.schemas.v1.Probes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The partition index in the test driver: it is partition 0 of the two that the generation has.
class PartitionIndexTopologyTest {
  private static final int HERE = 0;
  private static final int ELSEWHERE = 1;
  private static final String SENT = "sent-probes";

  private final World world = World.random(new Random(7), 4, 2);
  private final HashCode code = world.geometry().centers().center(0);
  private final HashCode fingerprint = World.fingerprint(new Random(8));
  @TempDir private Path directory;
  private TopologyFixture fixture;
  private TopologyTestDriver driver;
  private TestInputTopic<String, Placement> placements;
  private TestInputTopic<String, Probes> probes;
  private TestOutputTopic<String, Probes> sent;
  private TestOutputTopic<String, String> matches;

  @BeforeEach
  void open() {
    open(TopologyFixture.matching());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void pairIsToldOnceByTheSecondArrival() {
    placements.pipeInput("a", at(HERE, code, "one", 1));
    assertThat(matches.isEmpty()).isTrue();

    placements.pipeInput("b", at(HERE, World.at(code, 3), "two", 2));

    Match match = onlyMatch();
    assertThat(match.getKind()).isEqualTo(MatchKind.DUPLICATE);
    assertThat(match.getLater().getId()).isEqualTo("b");
    assertThat(match.getLater().getRevision()).isEqualTo(World.source(2));
    assertThat(match.getEarlier().getId()).isEqualTo("a");
    assertThat(match.getEarlier().getRevision()).isEqualTo(World.source(1));
    assertThat(match.getCodeDistance()).isEqualTo(3);
    assertThat(match.getFingerprintDistance()).isZero();
    assertThat(match.getCenterLabel()).isEqualTo("class 0");
    assertThat(match.getGeneration()).isEqualTo(world.geometry().id());
    assertThat(match.getLeftOut()).isZero();
  }

  @Test
  void eventIsACloudEventInBinaryMode() {
    placements.pipeInput("a", at(HERE, code, "same", 1));
    placements.pipeInput("b", at(HERE, code, "same", 2));

    TestRecord<String, String> record = matches.readRecord();
    assertThat(record.key()).isEqualTo("b");
    assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(record, "ce_type")).isEqualTo("dev.mekiki.match.exact");
    assertThat(header(record, "ce_source"))
        .isEqualTo("/mekiki/generations/" + world.geometry().id());
    assertThat(header(record, "ce_subject")).isEqualTo("b");
    assertThat(header(record, "ce_time")).isEqualTo("1970-01-01T00:33:20Z");
    assertThat(header(record, "content-type")).isEqualTo("application/json");
    assertThat(header(record, "ce_id")).isEqualTo(parse(record.value()).getEventId()).hasSize(32);
    assertThat(record.headers().toArray()).hasSize(7);
  }

  @Test
  void eventIdIsTheSameForTheSameRevisionsInEitherOrder() {
    placements.pipeInput("a", at(HERE, code, "one", 1));
    placements.pipeInput("b", at(HERE, code, "two", 2));
    String first = onlyMatch().getEventId();
    placements.pipeInput("a", (Placement) null);

    placements.pipeInput("a", at(HERE, code, "one", 1));

    Match again = onlyMatch();
    assertThat(again.getEventId()).isEqualTo(first);
    assertThat(again.getLater().getId()).isEqualTo("b");
  }

  @Test
  void newRevisionMatchesAgainAndReplacesTheOldOne() {
    placements.pipeInput("a", at(HERE, code, "one", 1));
    placements.pipeInput("b", at(HERE, code, "two", 2));
    String first = onlyMatch().getEventId();

    placements.pipeInput("b", at(HERE, World.at(code, 2), "three", 3));

    Match match = onlyMatch();
    assertThat(match.getEventId()).isNotEqualTo(first);
    assertThat(match.getLater().getRevision()).isEqualTo(World.source(3));
    assertThat(store().images()).isEqualTo(2);
  }

  @Test
  void sameRevisionIsStoredAndTellsNothing() {
    placements.pipeInput("a", at(HERE, code, "one", 1));
    placements.pipeInput("b", at(HERE, code, "two", 2));
    onlyMatch();

    placements.pipeInput(
        "b", at(HERE, code, "two", 2).toBuilder().putFilterableMetadata("k", "v").build());

    assertThat(matches.isEmpty()).isTrue();
    assertThat(store().placement("b").orElseThrow().getFilterableMetadataMap())
        .containsEntry("k", "v");
  }

  @Test
  void removedImageMatchesNothingMore() {
    placements.pipeInput("a", at(HERE, code, "one", 1));
    placements.pipeInput("a", (Placement) null);
    placements.pipeInput("a", (Placement) null);

    placements.pipeInput("b", at(HERE, code, "two", 2));

    assertThat(matches.isEmpty()).isTrue();
    assertThat(store().placement("a")).isEmpty();
    assertThat(found(code)).containsExactly("b");
  }

  @Test
  void newRevisionAsksEachOtherPartitionOnce() {
    placements.pipeInput(
        "a", at(HERE, code, "one", 1).toBuilder().putFilterableMetadata("k", "v").build());
    placements.pipeInput("b", at(HERE, code, "two", 2));

    assertThat(sentProbes())
        .containsExactly(
            Probe.newBuilder()
                .setImageId(ByteString.copyFromUtf8("a"))
                .setFrom(HERE)
                .setSequence(1)
                .setPlacement(at(HERE, code, "one", 1))
                .build(),
            Probe.newBuilder()
                .setImageId(ByteString.copyFromUtf8("b"))
                .setFrom(HERE)
                .setSequence(2)
                .setPlacement(at(HERE, code, "two", 2))
                .build());
    assertThat(count("mekiki.index.arrivals")).isEqualTo(2);
    assertThat(count("mekiki.index.probes.sent")).isEqualTo(2);
    assertThat(store().arrivals()).isEqualTo(2);
    assertThat(store().probesSent()).isEqualTo(2);
  }

  @Test
  void probeSaysWhichProbesItsHomeHadProcessed() {
    probe("z", 41, 0, at(ELSEWHERE, code, "one", 1));

    placements.pipeInput("a", at(HERE, code, "two", 2));

    assertThat(sentProbes().getFirst().getSeen()).isEqualTo(41);
  }

  @Test
  void repeatedRevisionKeepsItsSequenceAndAsksNobody() {
    placements.pipeInput("a", at(HERE, code, "one", 1));
    placements.pipeInput("b", at(HERE, code, "two", 2));
    sentProbes();

    placements.pipeInput("a", at(HERE, code, "one", 1));

    assertThat(sentProbes()).isEmpty();
    matches.readRecordsToList();
    // b had been stored when a's probe was on its way, by its sequence of 2.
    probe("0", 1, 1, at(ELSEWHERE, code, "three", 3));
    assertThat(matches.readRecordsToList())
        .extracting(record -> parse(record.value()).getEarlier().getId())
        .containsExactly("a");
  }

  @Test
  void probeTellsPairsThatItsHomeCannotTell() {
    placements.pipeInput("m", at(HERE, code, "one", 1));
    matches.readRecordsToList();

    // The home of z had processed m's probe before it stored z, so it reported no pair of the two.
    probe("z", 1, 1, at(ELSEWHERE, code, "two", 2));

    Match match = onlyMatch();
    assertThat(match.getKind()).isEqualTo(MatchKind.DUPLICATE);
    assertThat(match.getLater().getId()).isEqualTo("z");
    assertThat(match.getLater().getRevision()).isEqualTo(World.source(2));
    assertThat(match.getEarlier().getId()).isEqualTo("m");
  }

  @Test
  void probesThatCrossAreToldWhereTheSmallerIdIsAtHome() {
    placements.pipeInput("m", at(HERE, code, "one", 1));

    // m's probe was still on its way when each of these was stored.
    probe("a", 1, 0, at(ELSEWHERE, code, "two", 2));
    assertThat(matches.isEmpty()).isTrue();

    probe("z", 2, 0, at(ELSEWHERE, code, "three", 3));
    assertThat(onlyMatch().getLater().getId()).isEqualTo("z");
  }

  @Test
  void probedImageIsNotStored() {
    probe("a", 1, 0, at(ELSEWHERE, code, "one", 1));

    placements.pipeInput("b", at(HERE, code, "one", 2));

    assertThat(matches.isEmpty()).isTrue();
    assertThat(found(code)).containsExactly("b");
    assertThat(store().images()).isOne();
  }

  @Test
  void probeOfAnImageThatMovedDoesNotMatchItsOlderRevision() {
    placements.pipeInput("a", at(HERE, code, "one", 1));

    probe("a", 1, 1, at(ELSEWHERE, code, "one", 2));

    assertThat(matches.isEmpty()).isTrue();
  }

  @Test
  void probeDeliveredAgainTellsThePairAgainUnderTheSameId() {
    placements.pipeInput("m", at(HERE, code, "one", 1));
    probe("z", 5, 1, at(ELSEWHERE, code, "two", 2));
    Match first = onlyMatch();

    probe("z", 5, 1, at(ELSEWHERE, code, "two", 2));

    assertThat(onlyMatch()).isEqualTo(first);
    assertThat(count("mekiki.index.probes.repeated")).isOne();
  }

  @Test
  void strangeNumberOfAProbeIsCorrectedByTheNext() {
    probe("x", Long.MAX_VALUE, 0, at(ELSEWHERE, code, "one", 1));
    probe("y", 4, 0, at(ELSEWHERE, code, "two", 2));

    placements.pipeInput("a", at(HERE, code, "three", 3));

    assertThat(sentProbes().getFirst().getSeen()).isEqualTo(4);
  }

  @Test
  void picturesWithOneFingerprintMatchWhateverTheirCodes() {
    placements.pipeInput("m", at(HERE, code, "one", 1));
    HashCode far = HashCode.of(World.BITS, ~code.word(0));

    probe("z", 1, 1, at(ELSEWHERE, far, "two", 2));

    assertThat(onlyMatch().getCodeDistance()).isEqualTo(World.BITS);
  }

  @Test
  void reachOfCodesAsksPartitionsWithCentersNearAlone() {
    driver.close();
    open(new MatchSettings(new MatchPolicy(Reach.CODES, 0, 31, null), 100));
    placements.pipeInput("m", at(HERE, code, "one", 1));

    assertThat(sentProbes()).isEmpty();
    assertThat(count("mekiki.index.arrivals")).isOne();
    assertThat(count("mekiki.index.probes.sent")).isZero();
  }

  @Test
  void imageOfAnotherHomeIsLeftOut() {
    placements.pipeInput("a", at(ELSEWHERE, code, "one", 1));

    assertThat(store().images()).isZero();
    assertThat(leftOut("code-placements")).isOne();
  }

  @Test
  void defectiveProbesAreLeftOut() {
    Probe good =
        Probe.newBuilder()
            .setImageId(ByteString.copyFromUtf8("z"))
            .setFrom(ELSEWHERE)
            .setSequence(1)
            .setPlacement(at(ELSEWHERE, code, "two", 2))
            .build();
    placements.pipeInput("m", at(HERE, code, "one", 1));
    List<Probe> defective =
        List.of(
            good.toBuilder().clearImageId().build(),
            good.toBuilder().setImageId(ByteString.copyFrom(new byte[] {(byte) 0xff})).build(),
            good.toBuilder().setFrom(2).build(),
            good.toBuilder().setFrom(-1).build(),
            good.toBuilder().setFrom(HERE).setPlacement(at(HERE, code, "two", 2)).build(),
            good.toBuilder().setSequence(0).build(),
            good.toBuilder().setSequence(-1).build(),
            good.toBuilder().setSeen(-1).build(),
            good.toBuilder().clearPlacement().build(),
            good.toBuilder().setPlacement(at(HERE, code, "two", 2)).build());
    double before = leftOut("probes");

    defective.forEach(this::ask);
    probes.pipeInput((Probes) null);

    assertThat(leftOut("probes") - before).isEqualTo(defective.size() + 1.0);
    assertThat(matches.isEmpty()).isTrue();
    // A defective one costs none beside it.
    ask(defective.getFirst(), good, defective.getLast());
    onlyMatch();
  }

  @Test
  void laterImageIsTheOneOfTheLaterTimestampNotOfTheLaterArrival() {
    placements.pipeInput("a", at(HERE, code, "one", 9));

    placements.pipeInput("b", at(HERE, code, "two", 2));

    TestRecord<String, String> record = matches.readRecord();
    assertThat(record.key()).isEqualTo("a");
    assertThat(parse(record.value()).getLater().getId()).isEqualTo("a");
    assertThat(parse(record.value()).getLater().getRevision()).isEqualTo(World.source(9));
  }

  @Test
  void mutedImageTellsNothingAsTheLaterOneAndIsToldAsTheEarlier() {
    placements.pipeInput("a", at(HERE, code, "one", 1));
    placements.pipeInput("b", at(HERE, code, "two", 2).toBuilder().setMute(true).build());
    assertThat(matches.isEmpty()).isTrue();

    placements.pipeInput("c", at(HERE, code, "three", 3));

    assertThat(matches.readRecordsToList())
        .extracting(record -> parse(record.value()).getEarlier().getId())
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void kindsAreToldApart() {
    driver.close();
    open(new MatchSettings(new MatchPolicy(Reach.CODES, 4, 31, 8), 100));
    placements.pipeInput("exact", at(HERE, World.at(code, 4), "same", 1));
    placements.pipeInput("duplicate", at(HERE, World.at(code, 3), "one", 2));
    placements.pipeInput(
        "near", at(HERE, World.at(code, 8), World.fingerprint(new Random(1)), "two", 3));
    placements.pipeInput(
        "far", at(HERE, World.at(code, 9), World.fingerprint(new Random(2)), "three", 4));
    matches.readRecordsToList();

    placements.pipeInput("x", at(HERE, code, "same", 5));

    assertThat(matches.readRecordsToList())
        .extracting(record -> parse(record.value()))
        .extracting(match -> match.getKind() + " " + match.getEarlier().getId())
        .containsExactly("DUPLICATE duplicate", "EXACT exact", "NEAR near");
  }

  @Test
  void capKeepsTheNearestAndSaysHowManyWereLeftOut() {
    driver.close();
    open(new MatchSettings(new MatchPolicy(Reach.EVERYWHERE, 8, 31, null), 2));
    for (int distance = 5; distance > 0; distance--) {
      placements.pipeInput(
          "d" + distance, at(HERE, World.at(code, distance), "content " + distance, distance));
    }
    matches.readRecordsToList();

    placements.pipeInput("x", at(HERE, code, "x", 9));

    List<Match> emitted =
        matches.readRecordsToList().stream().map(record -> parse(record.value())).toList();
    assertThat(emitted).extracting(match -> match.getEarlier().getId()).containsExactly("d1", "d2");
    assertThat(emitted).extracting(Match::getLeftOut).containsExactly(3L, 3L);
    assertThat(emitted).extracting(Match::getLeftOutAtLeast).containsExactly(false, false);
  }

  @Test
  void capOfZeroKeepsImagesAndTellsNothing() {
    driver.close();
    open(new MatchSettings(new MatchPolicy(Reach.EVERYWHERE, 8, 31, null), 0));
    placements.pipeInput("a", at(HERE, code, "same", 1));
    placements.pipeInput("b", at(HERE, code, "same", 2));

    assertThat(matches.isEmpty()).isTrue();
    assertThat(fixture.hosted().all()).extracting(PlacementStore::images).containsExactly(2);
    assertThat(sentProbes()).isEmpty();
    probe("c", 1, 0, at(ELSEWHERE, code, "same", 3));
    assertThat(matches.isEmpty()).isTrue();
  }

  @Test
  void capSaysAtLeastWhereNotAllWereLookedAt() {
    driver.close();
    open(new MatchSettings(new MatchPolicy(Reach.EVERYWHERE, 8, 31, null), 1));
    for (int i = 10; i < 40; i++) {
      placements.pipeInput("d" + i, at(HERE, code, "content " + i, i));
    }
    matches.readRecordsToList();

    placements.pipeInput("x", at(HERE, code, "x", 90));

    Match emitted = onlyMatch();
    assertThat(emitted.getLeftOut()).isEqualTo(9);
    assertThat(emitted.getLeftOutAtLeast()).isTrue();
  }

  @Test
  void latencyIsRecordedByStage() {
    placements.pipeInput("a", at(HERE, code, "one", 1));
    placements.pipeInput("b", at(HERE, code, "two", 2));

    long now = TopologyFixture.CLOCK.millis();
    assertThat(latency("encoder")).isEqualTo(10);
    assertThat(latency("placement")).isEqualTo(10);
    assertThat(latency("index")).isEqualTo((double) now - 1_000_022);
    assertThat(latency("total")).isEqualTo((double) now - 1_000_002);
  }

  @Test
  void imageOfAnyValidTimeIsMatched() {
    placements.pipeInput("a", atTime("one", 1, -62_135_596_800L));
    placements.pipeInput("b", atTime("two", 2, 253_402_300_799L));
    placements.pipeInput("c", atTime("three", 3, -62_135_596_800L));

    assertThat(matches.readRecordsToList()).hasSize(3);
    assertThat(latency("total")).isBetween(1.0, 3 * 24 * 3_600_000.0);
  }

  private Placement atTime(String content, long offset, long seconds) {
    return at(HERE, code, content, offset).toBuilder()
        .setImageTime(Timestamps.fromSeconds(seconds))
        .build();
  }

  private double latency(String stage) {
    return fixture
        .registry()
        .get("mekiki.index.latency")
        .tag("stage", stage)
        .timer()
        .totalTime(TimeUnit.MILLISECONDS);
  }

  private void open(MatchSettings matching) {
    fixture = TopologyFixture.of(world, matching);
    Topology topology = new Topology();
    fixture.topology().addPartitionIndex(topology);
    // Without a partitioner, as the driver has one partition.
    topology.addSink(
        MatchProcessor.PROBES,
        SENT,
        new StringSerializer(),
        new OutgoingProbesSerializer(),
        IndexTopology.PARTITION_INDEX);
    driver = new TopologyTestDriver(topology, TopologyFixture.settings(directory));
    placements =
        driver.createInputTopic(
            TopologyFixture.TOPICS.codePlacements(world.geometry().id(), 0),
            new StringSerializer(),
            ProtobufSerde.of(Placement.getDefaultInstance()).serializer());
    String probesTopic = TopologyFixture.TOPICS.probes(world.geometry().id(), 0);
    Serde<Probes> probe = ProtobufSerde.of(Probes.getDefaultInstance());
    probes = driver.createInputTopic(probesTopic, new StringSerializer(), probe.serializer());
    sent = driver.createOutputTopic(SENT, new StringDeserializer(), probe.deserializer());
    matches =
        driver.createOutputTopic(
            TopologyFixture.TOPICS.matches(), new StringDeserializer(), new StringDeserializer());
  }

  /// A probe from the other partition.
  private void probe(String id, long sequence, long seen, Placement placement) {
    ask(
        Probe.newBuilder()
            .setImageId(ByteString.copyFromUtf8(id))
            .setFrom(ELSEWHERE)
            .setSequence(sequence)
            .setSeen(seen)
            .setPlacement(placement)
            .build());
  }

  /// One record of probes.
  private void ask(Probe... asked) {
    probes.pipeInput(Probes.newBuilder().addAllProbes(List.of(asked)).build());
  }

  private List<Probe> sentProbes() {
    return sent.readValuesToList().stream()
        .flatMap(value -> value.getProbesList().stream())
        .toList();
  }

  private double count(String counter) {
    return fixture.registry().get(counter).counter().count();
  }

  private double leftOut(String topic) {
    return fixture
        .registry()
        .get("mekiki.index.records.left.out")
        .tag("topic", topic)
        .counter()
        .count();
  }

  private PlacementStore store() {
    return fixture.hosted().partition(HERE).orElseThrow();
  }

  private List<String> found(HashCode query) {
    return store()
        .search(new PartitionQuery(query, null, World.BITS, 100, MetadataFilter.ALL, () -> false))
        .found()
        .stream()
        .map(found -> found.hit().id())
        .toList();
  }

  private Placement at(int home, HashCode code, String content, long offset) {
    return at(home, code, fingerprint, content, offset);
  }

  private Placement at(int home, HashCode code, HashCode fingerprint, String content, long offset) {
    return world.placement(code, fingerprint, content, offset).setHomePartition(home).build();
  }

  private Match onlyMatch() {
    List<TestRecord<String, String>> records = matches.readRecordsToList();
    assertThat(records).hasSize(1);
    return parse(records.getFirst().value());
  }

  private static Match parse(String json) {
    try {
      Match.Builder match = Match.newBuilder();
      JsonFormat.parser().merge(json, match);
      assertThat(Timestamps.toMillis(match.getMatchTime()))
          .isEqualTo(TopologyFixture.CLOCK.millis());
      return match.build();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(json, e);
    }
  }

  private static String header(TestRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}

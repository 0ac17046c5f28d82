package dev.mekiki.index.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.index.MovableClock;
import dev.mekiki.index.World;
import dev.mekiki.index.partition.MatchProcessor;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.index.partition.PlacementStore;
import dev.mekiki.index.partition.StoredMatching;
import dev.mekiki.index.probe.OutgoingProbesSerializer;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.Probe;
import dev.mekiki.schemas.v1.Probes;
import java.nio.file.Path;
import java.time.Duration;
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
import org.jspecify.annotations.Nullable;

/// The partition index in the test driver: it is partition 0 of the two that the generation has.
final class PartitionIndexDriver implements AutoCloseable {
  static final int HERE = 0;
  static final int ELSEWHERE = 1;
  static final World WORLD = World.random(new Random(7), 4, 2);
  static final HashCode CODE = WORLD.geometry().centers().center(0);
  private static final HashCode FINGERPRINT = World.fingerprint(new Random(8));
  private static final String SENT = "sent-probes";

  private final MovableClock clock;
  private final TopologyFixture fixture;
  private final TopologyTestDriver driver;
  private final TestInputTopic<String, Placement> placements;
  private final TestInputTopic<String, Probes> probes;
  private final TestOutputTopic<String, Probes> sent;
  private final TestOutputTopic<String, String> matches;
  private final TestOutputTopic<String, String> reported;

  PartitionIndexDriver(MatchSettings matching, Path directory) {
    this(matching, matching.origins(), directory);
  }

  PartitionIndexDriver(MatchSettings matching, PairFilter filter, Path directory) {
    this(matching, filter, new MovableClock(TopologyFixture.CLOCK.millis()), directory);
  }

  private PartitionIndexDriver(
      MatchSettings matching, PairFilter filter, MovableClock clock, Path directory) {
    this(TopologyFixture.of(WORLD, matching, filter, clock), clock, directory);
  }

  /// @param clock that of the fixture
  PartitionIndexDriver(TopologyFixture fixture, MovableClock clock, Path directory) {
    this.fixture = fixture;
    this.clock = clock;
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
            TopologyFixture.TOPICS.codePlacements(WORLD.geometry().id(), 0),
            new StringSerializer(),
            ProtobufSerde.of(Placement.getDefaultInstance()).serializer());
    String probesTopic = TopologyFixture.TOPICS.probes(WORLD.geometry().id(), 0);
    Serde<Probes> probe = ProtobufSerde.of(Probes.getDefaultInstance());
    probes = driver.createInputTopic(probesTopic, new StringSerializer(), probe.serializer());
    sent = driver.createOutputTopic(SENT, new StringDeserializer(), probe.deserializer());
    matches =
        driver.createOutputTopic(
            TopologyFixture.TOPICS.matches(), new StringDeserializer(), new StringDeserializer());
    reported =
        driver.createOutputTopic(
            TopologyFixture.TOPICS.reported(WORLD.geometry().id()),
            new StringDeserializer(),
            new StringDeserializer());
  }

  /// A placement with the fingerprint that all have unless they name another.
  static Placement at(int home, HashCode code, String content, long offset) {
    return at(home, code, FINGERPRINT, content, offset);
  }

  static Placement at(int home, HashCode code, HashCode fingerprint, String content, long offset) {
    return WORLD.placement(code, fingerprint, content, offset).setHomePartition(home).build();
  }

  /// A placement of an image, or its removal.
  void arrive(String id, @Nullable Placement placement) {
    placements.pipeInput(id, placement);
  }

  /// A probe from the other partition.
  void probe(String id, long sequence, long seen, Placement placement) {
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
  void ask(Probe... asked) {
    probes.pipeInput(Probes.newBuilder().addAllProbes(List.of(asked)).build());
  }

  /// A record of probes without a value.
  void askNothing() {
    probes.pipeInput((Probes) null);
  }

  List<Probe> sentProbes() {
    return sent.readValuesToList().stream()
        .flatMap(value -> value.getProbesList().stream())
        .toList();
  }

  /// Lets what is done by the clock on the wall be done.
  void passTime(Duration time) {
    clock.move(time);
    driver.advanceWallClockTime(time);
  }

  double count(String counter) {
    return fixture.registry().get(counter).counter().count();
  }

  double count(String counter, String tag, String value) {
    return fixture.registry().get(counter).tag(tag, value).counter().count();
  }

  double leftOut(String topic) {
    return fixture
        .registry()
        .get("mekiki.index.records.left.out")
        .tag("topic", topic)
        .counter()
        .count();
  }

  PlacementStore store() {
    return fixture.hosted().partition(HERE).orElseThrow();
  }

  List<String> found(HashCode query) {
    return store()
        .search(new PartitionQuery(query, null, World.BITS, 100, MetadataFilter.ALL, () -> false))
        .found()
        .stream()
        .map(found -> found.hit().id())
        .toList();
  }

  Match onlyMatch() {
    List<TestRecord<String, String>> records = matches.readRecordsToList();
    assertThat(records).hasSize(1);
    return parse(records.getFirst().value());
  }

  static Match parse(String json) {
    try {
      Match.Builder match = Match.newBuilder();
      JsonFormat.parser().merge(json, match);
      assertThat(Timestamps.toMillis(match.getMatchTime()))
          .isGreaterThanOrEqualTo(TopologyFixture.CLOCK.millis());
      return match.build();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(json, e);
    }
  }

  /// Milliseconds of that stage, all together.
  double latency(String stage) {
    return fixture
        .registry()
        .get("mekiki.index.latency")
        .tag("stage", stage)
        .timer()
        .totalTime(TimeUnit.MILLISECONDS);
  }

  /// Ids of events that were noted since the last call.
  List<String> noted() {
    return reported.readRecordsToList().stream().map(TestRecord::key).toList();
  }

  /// Who asks this partition about what is stored.
  StoredMatching matching(MatchSettings settings, PairFilter filter) {
    return new StoredMatching(
        WORLD.geometry(), settings, filter, fixture.hosted(), Retention.NONE, clock);
  }

  TestOutputTopic<String, String> matches() {
    return matches;
  }

  @Override
  public void close() {
    driver.close();
  }
}

package dev.mekiki.index.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Eras;
import dev.mekiki.index.World;
import dev.mekiki.index.placement.PlacementProcessor;
import dev.mekiki.index.placement.RoutedPlacementSerializer;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.topic.CutMarker;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.Placement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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

/// What placement and a partition do about cuts.
class ErasTopologyTest {
  private static final String OUT = "routed";

  /// Others are active after offset 10, this generation again after 20.
  private static final Eras.Cut THERE = new Eras.Cut(false, "", List.of(10L));

  private static final Eras.Cut BACK = new Eras.Cut(true, "", List.of(20L));

  private final World world = World.random(new Random(7), 4, 4);
  private final HashCode code = world.geometry().centers().center(0);
  private final HashCode fingerprint = World.fingerprint(new Random(8));
  private final AtomicReference<Eras> made = new AtomicReference<>(Eras.NONE);
  private final AtomicInteger reads = new AtomicInteger();
  @TempDir private Path directory;
  private TopologyFixture fixture;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> codes;
  private TestOutputTopic<String, Placement> routed;

  @BeforeEach
  void open() {
    fixture =
        TopologyFixture.of(
            world,
            () -> {
              reads.incrementAndGet();
              return made.get();
            });
    Topology topology = new Topology();
    fixture.topology().addPlacement(topology);
    topology.addSink(
        PlacementProcessor.PLACEMENTS,
        OUT,
        new StringSerializer(),
        new RoutedPlacementSerializer(),
        IndexTopology.PLACEMENT);
    driver = new TopologyTestDriver(topology, TopologyFixture.settings(directory));
    codes =
        driver.createInputTopic(
            TopologyFixture.TOPICS.imageCodes(World.NETWORK),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    routed =
        driver.createOutputTopic(
            OUT,
            new StringDeserializer(),
            ProtobufSerde.of(Placement.getDefaultInstance()).deserializer());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void behindAMarkerTheCutIsKnown() {
    assertThat(place("a", 5).getEra()).isZero();
    made.set(new Eras(List.of(THERE), 0, false));
    mark(1);
    Placement before = place("b", 9);
    Placement after = place("c", 10);

    assertThat(before.getEra()).isZero();
    assertThat(before.getSilent()).isFalse();
    assertThat(after.getEra()).isEqualTo(1);
    assertThat(after.getSilent()).isTrue();
    assertThat(routed.isEmpty()).isTrue();
  }

  @Test
  void itIsLookedForOnceAtTheStartAndOnceForEachUnknownCut() {
    made.set(new Eras(List.of(THERE), 0, false));
    var _ = place("a", 5);
    var _ = place("b", 15);
    mark(1);
    assertThat(reads).hasValue(1);
    made.set(new Eras(List.of(THERE, BACK), 0, false));
    mark(2);
    mark(2);
    assertThat(reads).hasValue(2);
    assertThat(place("c", 25).getSilent()).isFalse();
  }

  @Test
  void aMarkerWithoutACutIsLeftOut() {
    mark(3);
    assertThat(place("a", 5).getEra()).isZero();
    assertThat(
            fixture
                .registry()
                .get("mekiki.index.records.left.out")
                .tag("topic", "image-codes")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void newMetadataLeavesAnImageInTheEraOfItsRevision() {
    made.set(new Eras(List.of(THERE), 0, false));
    assertThat(place("a", 5).getEra()).isZero();
    codes.pipeInput(
        "a".getBytes(StandardCharsets.UTF_8),
        World.image(code, fingerprint, "a", 15).putMetadata("k", "v").build().toByteArray());
    Placement again = routed.readValue();
    assertThat(again.getRevision()).isEqualTo(World.source(5));
    assertThat(again.getEra()).isZero();
  }

  private void mark(int number) {
    ProducerRecord<byte[], byte[]> marker =
        CutMarker.record(TopologyFixture.TOPICS.imageCodes(World.NETWORK), 0, number);
    codes.pipeInput(new TestRecord<>(marker.key(), marker.value(), marker.headers()));
  }

  private Placement place(String id, long offset) {
    codes.pipeInput(
        id.getBytes(StandardCharsets.UTF_8),
        World.image(code, fingerprint, id, offset).build().toByteArray());
    return routed.readValue();
  }

  /// A partition reports a pair if the later of its eras is reported, whoever asks whom.
  @Test
  void aPairBelongsToTheLaterOfItsEras() {
    assertThat(reported(0, false, 0, false)).isTrue();
    assertThat(reported(0, false, 1, true)).isFalse();
    assertThat(reported(1, true, 0, false)).isFalse();
    assertThat(reported(1, true, 2, false)).isTrue();
    assertThat(reported(2, false, 1, true)).isTrue();
    assertThat(reported(0, true, 0, true)).isFalse();
  }

  /// @return whether the pair is reported, by its own partition and by one that is probed alike
  private boolean reported(int firstEra, boolean firstSilent, int era, boolean silent) {
    boolean here;
    boolean elsewhere;
    Placement stored = in(PartitionIndexDriver.HERE, 1, firstEra, firstSilent);
    try (PartitionIndexDriver partition =
        new PartitionIndexDriver(TopologyFixture.matching(), directory.resolve("here"))) {
      partition.arrive("a", stored);
      partition.arrive("b", in(PartitionIndexDriver.HERE, 2, era, silent));
      here = isOne(partition.matches().readValuesToList());
      assertThat(partition.noted()).hasSize(here ? 1 : 0);
    }
    try (PartitionIndexDriver partition =
        new PartitionIndexDriver(TopologyFixture.matching(), directory.resolve("elsewhere"))) {
      partition.arrive("a", stored);
      partition.probe("b", 1, 1, in(PartitionIndexDriver.ELSEWHERE, 2, era, silent));
      elsewhere = isOne(partition.matches().readValuesToList());
    }
    assertThat(elsewhere).isEqualTo(here);
    return here;
  }

  private static boolean isOne(List<String> events) {
    List<Match> matches = events.stream().map(PartitionIndexDriver::parse).toList();
    assertThat(matches).hasSizeLessThan(2);
    return !matches.isEmpty();
  }

  private static Placement in(int home, long offset, int era, boolean silent) {
    return PartitionIndexDriver.at(home, PartitionIndexDriver.CODE, "bytes", offset).toBuilder()
        .setEra(era)
        .setSilent(silent)
        .build();
  }
}

package dev.mekiki.index.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.World;
import dev.mekiki.index.placement.PlacementProcessor;
import dev.mekiki.index.placement.RoutedPlacement;
import dev.mekiki.index.placement.RoutedPlacementSerializer;
import dev.mekiki.schemas.image.Thumbnails;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.ThumbnailCoordinate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Placement in the test driver, whose topics have one partition: where a placement goes is read
/// from a header that a sink of the test writes.
class PlacementTopologyTest {
  private static final String OUT = "routed";
  private static final String PARTITION = "partition";

  // Two centers far apart, one partition each, and a radius that keeps them apart.
  private final World world = World.random(new Random(7), 4, 4);
  private final HashCode fingerprint = World.fingerprint(new Random(8));
  private final HashCode codeA = world.geometry().centers().center(0);
  private final HashCode codeB = world.geometry().centers().center(1);
  @TempDir private Path directory;
  private TopologyFixture fixture;
  private TopologyTestDriver driver;
  private TestInputTopic<String, ImageCode> codes;
  private TestOutputTopic<String, Placement> routed;
  private KeyValueStore<String, PlacedImage> placed;

  @BeforeEach
  void open() {
    fixture = TopologyFixture.of(world, TopologyFixture.matching());
    Topology topology = new Topology();
    fixture.topology().addPlacement(topology);
    topology.addSink(
        PlacementProcessor.PLACEMENTS,
        OUT,
        new StringSerializer(),
        new PartitionInHeader(),
        IndexTopology.PLACEMENT);
    driver = new TopologyTestDriver(topology, TopologyFixture.settings(directory));
    codes =
        driver.createInputTopic(
            TopologyFixture.TOPICS.imageCodes(World.NETWORK),
            new StringSerializer(),
            ProtobufSerde.of(ImageCode.getDefaultInstance()).serializer());
    routed =
        driver.createOutputTopic(
            OUT,
            new StringDeserializer(),
            ProtobufSerde.of(Placement.getDefaultInstance()).deserializer());
    placed = driver.getKeyValueStore(PlacementProcessor.STORE);
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void newImageGoesToItsHomeAlone() {
    codes.pipeInput("a", image(codeA, "bytes", 3));

    TestRecord<String, Placement> record = routed.readRecord();
    var home = world.geometry().home(codeA, "a");
    assertThat(record.key()).isEqualTo("a");
    assertThat(partition(record)).isEqualTo(home.partition());
    assertThat(record.value().getHomePartition()).isEqualTo(home.partition());
    assertThat(record.value().getRevision()).isEqualTo(World.source(3));
    assertThat(record.value().getCenter()).isEqualTo(home.center());
    assertThat(record.value().getShell()).isZero();
    assertThat(record.getRecordTime()).isEqualTo(TopologyFixture.CLOCK.instant());
    assertThat(routed.isEmpty()).isTrue();
    assertThat(placed.get("a").getHomePartition()).isEqualTo(home.partition());
  }

  @Test
  void changedBytesMoveTheImageAndRemoveItFromTheHomeItLeft() {
    codes.pipeInput("a", image(codeA, "bytes", 3));
    codes.pipeInput("a", image(codeB, "other bytes", 4));

    List<TestRecord<String, Placement>> records = routed.readRecordsToList();
    assertThat(records).hasSize(3);
    assertThat(partition(records.get(1))).isEqualTo(home(codeB)).isNotEqualTo(home(codeA));
    assertThat(records.get(1).value().getRevision()).isEqualTo(World.source(4));
    assertThat(records.get(2).value()).isNull();
    assertThat(partition(records.get(2))).isEqualTo(home(codeA));
  }

  @Test
  void changedBytesOfTheSameHomeReplaceTheImageThere() {
    codes.pipeInput("a", image(codeA, "bytes", 3));
    codes.pipeInput("a", image(World.at(codeA, 1), "other bytes", 4));

    List<TestRecord<String, Placement>> records = routed.readRecordsToList();
    assertThat(records).hasSize(2);
    assertThat(partition(records.get(1))).isEqualTo(home(codeA));
    assertThat(records.get(1).value().getRevision()).isEqualTo(World.source(4));
  }

  @Test
  void sameBytesKeepRevisionAndCodeWhateverTheNewCodeIs() {
    codes.pipeInput("a", image(codeA, "bytes", 3));
    routed.readRecord();

    codes.pipeInput("a", image(World.at(codeA, 1), "bytes", 4));

    assertThat(routed.isEmpty()).isTrue();
    assertThat(placed.get("a").getRevision()).isEqualTo(World.source(3));
    assertThat(placed.get("a").getCode().getHashCode())
        .isEqualTo(ByteString.copyFrom(codeA.toBytes()));
    assertThat(codesCounted("unchanged")).isOne();
  }

  @Test
  void bytesThatComeBackAreAThirdRevision() {
    codes.pipeInput("a", image(codeA, "bytes", 3));
    codes.pipeInput("a", image(codeB, "other bytes", 4));
    codes.pipeInput("a", image(codeA, "bytes", 5));

    assertThat(placed.get("a").getRevision()).isEqualTo(World.source(5));
  }

  @Test
  void newMetadataIsSentWithTheSameRevision() {
    codes.pipeInput("a", image(codeA, "bytes", 3).toBuilder().putMetadata("k", "1").build());
    codes.pipeInput("a", image(codeB, "bytes", 4).toBuilder().putMetadata("k", "2").build());

    List<TestRecord<String, Placement>> records = routed.readRecordsToList();
    assertThat(records).hasSize(2);
    assertThat(partition(records.get(1))).isEqualTo(partition(records.get(0)));
    Placement first = records.get(0).value();
    assertThat(records.get(1).value())
        .isEqualTo(
            first.toBuilder()
                .putFilterableMetadata("k", "2")
                .setRenewedTime(Timestamps.fromMillis(1_000_004))
                .build());
    assertThat(placed.get("a").getCode().getMetadataMap()).containsEntry("k", "2");
  }

  @Test
  void metadataThatNoSearchFiltersByStaysWithPlacement() {
    codes.pipeInput(
        "a",
        image(codeA, "bytes", 3).toBuilder()
            .putMetadata("k", "1")
            .putMetadata("note", "old")
            .build());
    assertThat(routed.readRecord().value().getFilterableMetadataMap()).isEqualTo(Map.of("k", "1"));

    codes.pipeInput(
        "a",
        image(codeA, "bytes", 4).toBuilder()
            .putMetadata("k", "1")
            .putMetadata("note", "new")
            .build());

    assertThat(routed.isEmpty()).isTrue();
    assertThat(placed.get("a").getCode().getMetadataMap()).containsEntry("note", "new");
    assertThat(codesCounted("metadata")).isOne();
  }

  @Test
  void metadataOfEventsGoesToTheHomeWhenItChanges() {
    ImageCode image = image(codeA, "bytes", 3).toBuilder().putMetadata("price", "1").build();
    codes.pipeInput("a", image);
    assertThat(routed.readRecord().value().getEventMetadataMap()).isEqualTo(Map.of("price", "1"));

    codes.pipeInput("a", image.toBuilder().putMetadata("price", "2").build());

    Placement changed = routed.readRecord().value();
    assertThat(changed.getEventMetadataMap()).isEqualTo(Map.of("price", "2"));
    assertThat(changed.getRevision()).isEqualTo(World.source(3));
  }

  @Test
  void sameBytesOfAnotherTenantAreANewRevision() {
    codes.pipeInput("a", image(codeA, "bytes", 3));
    routed.readRecord();

    codes.pipeInput("a", image(codeA, "bytes", 4).toBuilder().setTenant("shop").build());

    Placement placement = routed.readRecord().value();
    assertThat(placement.getTenant()).isEqualTo("shop");
    assertThat(placement.getRevision()).isEqualTo(World.source(4));
  }

  @Test
  void imageSentAgainTellsPartitionsAKeyThatHasBecomeFilterable() {
    ImageCode image = image(codeA, "bytes", 3).toBuilder().putMetadata("k", "1").build();
    codes.pipeInput("a", image);
    Placement first = routed.readRecord().value();
    placed.put("a", placed.get("a").toBuilder().clearFilterableMetadata().build());

    codes.pipeInput("a", image);

    assertThat(routed.readRecord().value()).isEqualTo(first);
    codes.pipeInput("a", image);
    assertThat(routed.isEmpty()).isTrue();
  }

  @Test
  void deleteRemovesTheImageFromItsHome() {
    codes.pipeInput("a", image(codeA, "bytes", 3));
    routed.readRecord();

    codes.pipeInput("a", (ImageCode) null);

    TestRecord<String, Placement> record = routed.readRecord();
    assertThat(record.value()).isNull();
    assertThat(partition(record)).isEqualTo(home(codeA));
    assertThat(placed.get("a")).isNull();
  }

  @Test
  void deleteOfAnUnknownImageSaysNothing() {
    codes.pipeInput("never seen", (ImageCode) null);

    assertThat(routed.isEmpty()).isTrue();
    assertThat(codesCounted("unknown")).isOne();
  }

  @Test
  void codeFromBeforeTheStoredOneIsIgnored() {
    codes.pipeInput("a", image(codeA, "bytes", 3));
    codes.pipeInput("a", image(codeB, "other bytes", 4));
    routed.readRecordsToList();

    codes.pipeInput("a", image(codeA, "bytes", 3));

    assertThat(routed.isEmpty()).isTrue();
    assertThat(placed.get("a").getRevision()).isEqualTo(World.source(4));
    assertThat(codesCounted("stale")).isOne();
  }

  @Test
  void codeOfAnotherNetworkOrLengthIsLeftOut() {
    codes.pipeInput("a", image(codeA, "bytes", 3).toBuilder().setNetwork("another").build());
    codes.pipeInput(
        "a",
        image(codeA, "bytes", 3).toBuilder().setHashCode(ByteString.copyFrom(new byte[4])).build());

    assertThat(routed.isEmpty()).isTrue();
    assertThat(codesCounted("rejected")).isEqualTo(2);
  }

  @Test
  void imageOfARecreatedTopicReplacesTheKnownOne() {
    codes.pipeInput("a", image("first topic", "old", 9, 1_000));
    codes.pipeInput("a", image("second topic", "new", 2, 500));

    assertThat(placed.get("a").getRevision()).isEqualTo(World.source(2));
    assertThat(recreated()).isOne();
    assertThat(codesCounted("stale")).isZero();

    // Of the same topic, a lower offset is an older image whatever its time.
    codes.pipeInput("a", image("second topic", "older", 1, 2_000));
    assertThat(placed.get("a").getRevision()).isEqualTo(World.source(2));
    assertThat(codesCounted("stale")).isOne();
  }

  @Test
  void laterImageOfATopicWithoutIdReplacesTheKnownOne() {
    codes.pipeInput("a", image("", "old", 9, 1_000));
    codes.pipeInput("a", image("second topic", "older", 2, 1_000));
    assertThat(codesCounted("stale")).isOne();

    codes.pipeInput("a", image("second topic", "new", 3, 1_001));
    assertThat(placed.get("a").getRevision()).isEqualTo(World.source(3));
    assertThat(recreated()).isOne();
  }

  @Test
  void thumbnailInACodeIsKeptByItsPlaceAlone() {
    ByteString jpeg = ByteString.copyFromUtf8("a JPEG");
    codes.pipeInput("a", image(codeA, "bytes", 3));
    codes.pipeInput("b", image(codeB, "other bytes", 4).toBuilder().setThumbnail(jpeg).build());

    ImageCode kept = placed.get("b").getCode();
    assertThat(kept.getThumbnail().isEmpty()).isTrue();
    // The second record of the topic.
    assertThat(kept.getThumbnailAt()).isEqualTo(Thumbnails.inCode(0, 1, jpeg));
    assertThat(placed.get("a").getCode().hasThumbnailAt()).isFalse();
  }

  @Test
  void imageSentAgainIsKnownByItsNewestThumbnail() {
    ByteString jpeg = ByteString.copyFromUtf8("a JPEG");
    ImageCode first =
        image(codeA, "bytes", 3).toBuilder().setThumbnailAt(Thumbnails.at(0, 7, jpeg)).build();
    codes.pipeInput("a", first);
    routed.readRecord();

    // Compaction removes the record at offset 7 from now on.
    ImageCode again =
        image(codeA, "bytes", 4).toBuilder().setThumbnailAt(Thumbnails.at(0, 9, jpeg)).build();
    codes.pipeInput("a", again);

    assertThat(routed.isEmpty()).isTrue();
    assertThat(placed.get("a").getCode().getThumbnailAt()).isEqualTo(Thumbnails.at(0, 9, jpeg));
    assertThat(placed.get("a").getRevision()).isEqualTo(World.source(3));
    assertThat(codesCounted("unchanged")).isOne();

    // An encoder without thumbnails has removed it.
    codes.pipeInput("a", image(codeA, "bytes", 5));
    assertThat(placed.get("a").getCode().hasThumbnailAt()).isFalse();
  }

  @Test
  void codeWithAnImpossibleThumbnailIsLeftOut() {
    codes.pipeInput(
        "a",
        image(codeA, "bytes", 3).toBuilder()
            .setThumbnailAt(ThumbnailCoordinate.newBuilder().setOffset(-1))
            .build());

    assertThat(placed.get("a")).isNull();
    assertThat(codesCounted("rejected")).isOne();
  }

  private ImageCode image(String topicId, String content, long offset, long imageMillis) {
    return World.image(codeA, fingerprint, content, offset)
        .setImagesTopicId(topicId)
        .setImageTime(Timestamps.fromMillis(imageMillis))
        .build();
  }

  private double recreated() {
    return fixture.registry().get("mekiki.index.codes.recreated").counter().count();
  }

  private ImageCode image(HashCode code, String content, long offset) {
    return World.image(code, fingerprint, content, offset).build();
  }

  private double codesCounted(String outcome) {
    return fixture.registry().get("mekiki.index.codes").tag("outcome", outcome).counter().count();
  }

  private int home(HashCode code) {
    return world.geometry().home(code, "a").partition();
  }

  private static int partition(TestRecord<String, Placement> record) {
    return Integer.parseInt(
        new String(record.headers().lastHeader(PARTITION).value(), StandardCharsets.UTF_8));
  }

  private static final class PartitionInHeader implements Serializer<RoutedPlacement> {
    private final RoutedPlacementSerializer payload = new RoutedPlacementSerializer();

    @Override
    public byte @Nullable [] serialize(String topic, RoutedPlacement routed) {
      return payload.serialize(topic, routed);
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, RoutedPlacement routed) {
      headers.add(PARTITION, Integer.toString(routed.partition()).getBytes(StandardCharsets.UTF_8));
      return payload.serialize(topic, routed);
    }
  }
}

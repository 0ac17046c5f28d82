package dev.mekiki.index.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.MovableClock;
import dev.mekiki.index.World;
import dev.mekiki.index.placement.PlacementProcessor;
import dev.mekiki.index.placement.RoutedPlacementSerializer;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.Placement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
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

/// Placement of images that end, in the test driver.
class PlacementExpiryTest {
  private static final String OUT = "routed";

  /// Milliseconds: when the image at offset 0 was sent.
  private static final long SENT = 1_000_000;

  private static final long NOW = SENT + 60_000;
  private final World world = World.random(new Random(7), 4, 4);
  private final HashCode fingerprint = World.fingerprint(new Random(8));
  private final HashCode code = world.geometry().centers().center(0);
  private final MovableClock clock = new MovableClock(NOW);
  @TempDir private Path directory;
  private TopologyFixture fixture;
  private TopologyTestDriver driver;
  private TestInputTopic<String, ImageCode> codes;
  private TestOutputTopic<String, Placement> routed;
  private KeyValueStore<String, PlacedImage> placed;

  @BeforeEach
  void open() {
    open(Retention.NONE);
  }

  private void open(Retention retention) {
    fixture = TopologyFixture.of(world, TopologyFixture.matching(), retention, clock);
    Topology topology = new Topology();
    fixture.topology().addPlacement(topology);
    topology.addSink(
        "test-sink",
        OUT,
        new StringSerializer(),
        new RoutedPlacementSerializer(),
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

  /// The same files under another retention.
  private void reopen(Retention retention) {
    close();
    open(retention);
  }

  @Test
  void expiredImageLeavesItsHomeAsADeletedOneDoes() {
    codes.pipeInput("a", image("bytes", 3, NOW + 10_000));
    codes.pipeInput("b", image("other bytes", 4, null));
    assertThat(routed.readRecord().value().getExpireTime()).isEqualTo(time(NOW + 10_000));
    assertThat(routed.readRecord().value().hasExpireTime()).isFalse();

    sweepAfter(9_999);
    assertThat(routed.isEmpty()).isTrue();

    sweepAfter(1);
    TestRecord<String, Placement> removal = routed.readRecord();
    assertThat(removal.key()).isEqualTo("a");
    assertThat(removal.value()).isNull();
    assertThat(routed.isEmpty()).isTrue();
    assertThat(placed.get("a")).isNull();
    assertThat(placed.get("b")).isNotNull();
    assertThat(expired()).isOne();
  }

  @Test
  void sweepComesWithinSecondsOfWallClockTime() {
    codes.pipeInput("a", image("bytes", 3, NOW + 1));
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    clock.move(Duration.ofMillis(1));

    driver.advanceWallClockTime(Duration.ofSeconds(5));

    assertThat(placed.get("a")).isNull();
  }

  @Test
  void codeThatArrivesExpiredRemovesTheOlderVersion() {
    codes.pipeInput("a", image("bytes", 3, null));
    routed.readRecord();

    codes.pipeInput("a", image("other bytes", 4, NOW));
    codes.pipeInput("never seen", image("third bytes", 5, NOW));

    assertThat(routed.readRecord().value()).isNull();
    assertThat(routed.isEmpty()).isTrue();
    assertThat(placed.get("a")).isNull();
    assertThat(placed.get("never seen")).isNull();
    assertThat(codesCounted("expired")).isEqualTo(2);
    assertThat(expired()).isOne();
  }

  @Test
  void expiredCodeThatIsReadAgainLeavesANewerVersionAlone() {
    codes.pipeInput("a", image("bytes", 4, null));
    routed.readRecord();

    codes.pipeInput("a", image("older bytes", 3, NOW));

    assertThat(routed.isEmpty()).isTrue();
    assertThat(placed.get("a")).isNotNull();
    assertThat(codesCounted("stale")).isOne();
  }

  @Test
  void newerVersionTakesTheExpiryOfTheOlderOneAway() {
    codes.pipeInput("a", image("bytes", 3, NOW + 10_000));
    codes.pipeInput("a", image("other bytes", 4, null));
    codes.pipeInput("b", image("bytes", 5, NOW + 10_000));
    codes.pipeInput("b", (ImageCode) null);
    codes.pipeInput("b", image("bytes", 6, NOW + 20_000));
    routed.readRecordsToList();

    sweepAfter(15_000);

    assertThat(routed.isEmpty()).isTrue();
    assertThat(placed.get("a")).isNotNull();
    assertThat(placed.get("b")).isNotNull();
  }

  @Test
  void sameBytesWithAnotherExpiryAreTheSameRevisionThatEndsThen() {
    codes.pipeInput("a", image("bytes", 3, null));
    Placement first = routed.readRecord().value();

    codes.pipeInput("a", image("bytes", 4, NOW + 10_000));

    assertThat(routed.readRecord().value())
        .isEqualTo(
            first.toBuilder()
                .setExpireTime(time(NOW + 10_000))
                .setRenewedTime(time(SENT + 4))
                .build());
    assertThat(placed.get("a").getRevision()).isEqualTo(World.source(3));
    sweepAfter(10_000);
    assertThat(placed.get("a")).isNull();
  }

  @Test
  void whatIsSentAfterItsEndIsANewRevisionBeforeTheSweepComes() {
    codes.pipeInput("a", image("bytes", 3, NOW + 10_000));
    routed.readRecord();
    clock.move(Duration.ofSeconds(10));

    codes.pipeInput("a", image("bytes", 4, NOW + 90_000));

    // Its home forgets the old one first, and so looks for matches of the new one.
    assertThat(routed.readRecord().value()).isNull();
    assertThat(routed.readRecord().value().getRevision()).isEqualTo(World.source(4));
    sweepAfter(1_000);
    assertThat(routed.isEmpty()).isTrue();
  }

  @Test
  void retentionCountsFromTheNewestRecord() {
    reopen(new Retention(Duration.ofMillis(60_010)));
    codes.pipeInput("a", image("bytes", 3, null));
    codes.pipeInput("b", image("bytes", 4, null));
    codes.pipeInput("c", image("bytes", 5, NOW + 1));
    codes.pipeInput("too old", image("bytes", -10, null));
    assertThat(placed.get("too old")).isNull();
    routed.readRecordsToList();

    // Sent again. Its home must know: it leaves pairs of what has ended out.
    codes.pipeInput("b", image("bytes", 9, null));
    assertThat(routed.readRecord().value().getRenewedTime()).isEqualTo(time(SENT + 9));
    assertThat(codesCounted("unchanged")).isOne();

    sweepAfter(13);
    assertThat(placed.get("a")).isNull();
    assertThat(placed.get("c")).as("its own expiry is earlier").isNull();
    assertThat(placed.get("b")).isNotNull();
    sweepAfter(5);
    assertThat(placed.get("b")).isNotNull();
    sweepAfter(1);
    assertThat(placed.get("b")).isNull();
  }

  @Test
  void retentionThatIsConfiguredLaterHoldsForWhatIsThere() {
    codes.pipeInput("old", image("bytes", 3, null));
    codes.pipeInput("renewed", image("bytes", 4, null));
    codes.pipeInput("renewed", image("bytes", 9_000, null));
    assertThat(routed.readRecordsToList()).hasSize(2);
    PlacedImage old = placed.get("old");
    PlacedImage renewed = placed.get("renewed");

    reopen(new Retention(Duration.ofSeconds(55)));
    // The driver keeps no files.
    placed.put("old", old);
    placed.put("renewed", renewed);
    sweepAfter(0);

    List<TestRecord<String, Placement>> records = routed.readRecordsToList();
    assertThat(records).extracting(TestRecord::key).containsExactlyInAnyOrder("old", "renewed");
    assertThat(placed.get("old")).isNull();
    // Its home learns that it was sent again, which it needed not know before.
    assertThat(records)
        .filteredOn(record -> record.key().equals("renewed"))
        .allSatisfy(
            record -> assertThat(record.value().getRenewedTime()).isEqualTo(time(SENT + 9_000)));
    assertThat(placed.get("renewed")).isNotNull();
    sweepAfter(4_000);
    assertThat(placed.get("renewed")).isNull();
  }

  @Test
  void expiryThatIsNoTimeIsLeftOut() {
    codes.pipeInput(
        "a",
        image("bytes", 3, null).toBuilder()
            .setExpireTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
            .build());
    codes.pipeInput(
        "b",
        image("bytes", 4, null).toBuilder()
            .setExpireTime(Timestamp.newBuilder().setNanos(-1))
            .build());

    sweepAfter(1);

    assertThat(routed.isEmpty()).isTrue();
    assertThat(codesCounted("rejected")).isEqualTo(2);
  }

  private void sweepAfter(long millis) {
    clock.move(Duration.ofMillis(millis));
    for (int i = 0; i < 3; i++) {
      driver.advanceWallClockTime(Duration.ofSeconds(5));
    }
  }

  private ImageCode image(String content, long offset, @Nullable Long expires) {
    ImageCode.Builder image = World.image(code, fingerprint, content, Math.max(0, offset));
    image.setImageTime(time(SENT + offset));
    if (expires != null) {
      image.setExpireTime(time(expires));
    }
    return image.build();
  }

  private static Timestamp time(long millis) {
    return Timestamps.fromMillis(millis);
  }

  private double expired() {
    return fixture.registry().get("mekiki.index.expired").counter().count();
  }

  private double codesCounted(String outcome) {
    return fixture.registry().get("mekiki.index.codes").tag("outcome", outcome).counter().count();
  }
}

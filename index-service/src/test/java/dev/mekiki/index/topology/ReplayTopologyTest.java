package dev.mekiki.index.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.MovableClock;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.index.World;
import dev.mekiki.index.history.ImageHistory;
import dev.mekiki.index.placement.PlacementProcessor;
import dev.mekiki.index.placement.RoutedPlacement;
import dev.mekiki.schemas.image.DeleteTime;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.v1.DeletedImage;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records that are sent again, as placement sees them: with the offset of a new record, and the
/// bytes and the time of the earlier one.
class ReplayTopologyTest {
  private static final String OUT = "routed";
  private static final long START = 1_000_000;

  private final World world = World.random(new Random(7), 4, 4);
  private final HashCode code = world.geometry().centers().center(0);
  private final MovableClock clock = new MovableClock(START);
  @TempDir private Path directory;
  private TopologyTestDriver driver;
  private TestInputTopic<String, ImageCode> codes;
  private TestOutputTopic<String, byte[]> routed;
  private long offset;

  /// A record of `images`.
  ///
  /// @param content of the image; null deletes it
  private record Sent(String id, @Nullable String content, long time, String note) {}

  /// Opens the topology anew with a retention.
  private void open(Retention retention) {
    driver.close();
    build(retention);
  }

  @BeforeEach
  void build() {
    build(Retention.NONE);
  }

  private void build(Retention retention) {
    TopologyFixture fixture =
        TopologyFixture.of(world, TopologyFixture.matching(), retention, clock);
    Topology topology = new Topology();
    fixture.topology().addPlacement(topology);
    Serializer<RoutedPlacement> payload =
        (_, placement) -> placement == null ? null : placement.payload();
    topology.addSink(
        PlacementProcessor.PLACEMENTS,
        OUT,
        new StringSerializer(),
        payload,
        IndexTopology.PLACEMENT);
    driver = new TopologyTestDriver(topology, TopologyFixture.settings(directory), clock.instant());
    codes =
        driver.createInputTopic(
            TopologyFixture.TOPICS.imageCodes(World.NETWORK),
            new StringSerializer(),
            ProtobufSerde.of(ImageCode.getDefaultInstance()).serializer());
    routed = driver.createOutputTopic(OUT, new StringDeserializer(), (_, bytes) -> bytes);
  }

  @AfterEach
  void close() {
    driver.close();
  }

  /// Times of one id rise.
  @Test
  void aReplayOfARandomHistoryChangesNothing() {
    Random random = new Random(Seeds.seed(ReplayTopologyTest.class));
    List<Sent> history = new ArrayList<>();
    long time = START;
    for (int i = 0; i < 2000; i++) {
      time += 1 + random.nextInt(3);
      String id = "image " + random.nextInt(60);
      @Nullable String content = random.nextInt(4) == 0 ? null : "picture " + random.nextInt(3);
      history.add(new Sent(id, content, time, "note " + time % 2));
    }
    history.forEach(this::send);
    assertThat(routed.readRecordsToList()).hasSizeGreaterThan(500);
    Map<String, PlacedImage> before = placed();

    history.forEach(this::send);

    assertThat(routed.readRecordsToList()).isEmpty();
    assertThat(placed()).isEqualTo(before);
  }

  /// As of a producer that sends faster than its clock moves, or of two whose clocks differ.
  @Test
  void theLastRecordDecidesWhateverTheTimesAre() {
    Random random = new Random(Seeds.seed(ReplayTopologyTest.class));
    List<Sent> history = new ArrayList<>();
    Map<String, String> last = new TreeMap<>();
    for (int i = 0; i < 2000; i++) {
      String id = "image " + random.nextInt(60);
      // Each time once for new bytes, but the records of the last few may share one or swap theirs.
      long time = START + i + random.nextInt(4);
      @Nullable String content = random.nextInt(4) == 0 ? null : "picture " + random.nextInt(1000);
      history.add(new Sent(id, content, time, ""));
      if (content == null) {
        last.remove(id);
      } else {
        last.put(id, content);
      }
    }
    history.forEach(this::send);
    assertThat(hashesPlaced()).isEqualTo(hashes(last));
    history.forEach(this::send);
    assertThat(hashesPlaced()).isEqualTo(hashes(last));
  }

  @Test
  void imageThatIsDeletedAndSentInOneMillisecondIsThere() {
    send(new Sent("a", "one", START, ""));
    send(new Sent("a", null, START, ""));
    assertThat(placed()).isEmpty();
    send(new Sent("a", "one", START, ""));
    assertThat(placed()).hasSize(1);
  }

  @Test
  void aNewRecordBringsEarlierBytesBack() {
    send(new Sent("a", "one", START, ""));
    send(new Sent("a", "two", START + 1, ""));
    send(new Sent("a", null, START + 2, ""));
    routed.readRecordsToList();

    send(new Sent("a", "one", START + 3, ""));

    assertThat(routed.readRecordsToList()).hasSize(1);
  }

  /// As after an earlier version, which knows of no earlier records: what is sent again is taken
  /// for new, and the last record decides as it did before.
  @Test
  void theLastRecordDecidesWhereEarlierOnesAreNotKnown() {
    List<Sent> history =
        List.of(
            new Sent("a", "one", START, ""),
            new Sent("a", "two", START + 1, ""),
            new Sent("b", "one", START, ""),
            new Sent("b", null, START + 1, ""),
            new Sent("b", "two", START + 2, ""));
    history.forEach(this::send);
    KeyValueStore<String, PlacedImage> images = driver.getKeyValueStore(PlacementProcessor.STORE);
    for (Map.Entry<String, PlacedImage> image : placed().entrySet()) {
      images.put(image.getKey(), image.getValue().toBuilder().clearEarlierRecords().build());
    }

    history.forEach(this::send);

    for (String id : List.of("a", "b")) {
      assertThat(images.get(id).getCode().getSha256())
          .isEqualTo(World.image(code, code, "two", 0).getSha256());
    }
  }

  @Test
  void aDeleteOfAnEarlierVersionNamesNoTimeAndDeletes() {
    send(new Sent("a", "one", START, ""));
    codes.pipeInput("a", null);
    assertThat(placed()).isEmpty();
    send(new Sent("a", "one", START + 5, ""));
    codes.pipeInput("a", null);
    assertThat(placed()).isEmpty();
  }

  /// An image whose end has passed when its record comes again takes no later one away.
  @Test
  void whatHasEndedTakesNoLaterImageAway() {
    open(new Retention(Duration.ofSeconds(10)));
    Sent first = new Sent("a", "one", START, "");
    send(first);
    clock.move(Duration.ofSeconds(11));
    driver.advanceWallClockTime(Duration.ofSeconds(11));
    assertThat(placed()).isEmpty();
    send(new Sent("a", "two", clock.millis(), ""));
    routed.readRecordsToList();

    send(first);

    assertThat(routed.readRecordsToList()).isEmpty();
    assertThat(placed()).hasSize(1);
  }

  @Test
  void deletesAreForgottenADayAfterTheRetention() {
    open(new Retention(Duration.ofDays(3)));
    for (int i = 0; i < 2000; i++) {
      send(new Sent("image " + i, "one", START, ""));
      send(new Sent("image " + i, null, START + 1, ""));
    }
    KeyValueStore<String, DeletedImage> deleted =
        driver.getKeyValueStore(ImageHistory.IMAGES_STORE);
    clock.move(Duration.ofDays(4));
    sweepAll();
    assertThat(size(deleted)).isEqualTo(2000);

    clock.move(Duration.ofMillis(1));
    driver.advanceWallClockTime(Duration.ofMinutes(1));
    assertThat(size(deleted)).isBetween(1, 1999);
    sweepAll();
    assertThat(size(deleted)).isZero();
  }

  private void sweepAll() {
    for (int minute = 0; minute < 5; minute++) {
      driver.advanceWallClockTime(Duration.ofMinutes(1));
    }
  }

  private static int size(KeyValueStore<String, DeletedImage> store) {
    int size = 0;
    try (KeyValueIterator<String, DeletedImage> all = store.all()) {
      while (all.hasNext()) {
        all.next();
        size++;
      }
    }
    return size;
  }

  private void send(Sent sent) {
    Headers headers = new RecordHeaders();
    @Nullable ImageCode value = null;
    if (sent.content() == null) {
      headers.add(DeleteTime.header(sent.time()));
    } else {
      value =
          image(sent.content())
              .setImageTime(Timestamps.fromMillis(sent.time()))
              .putMetadata("k", sent.note())
              .build();
    }
    codes.pipeInput(new TestRecord<>(sent.id(), value, headers, sent.time()));
  }

  private Map<String, ByteString> hashes(Map<String, String> contents) {
    Map<String, ByteString> hashes = new TreeMap<>();
    contents.forEach((id, content) -> hashes.put(id, image(content).build().getSha256()));
    return hashes;
  }

  private Map<String, ByteString> hashesPlaced() {
    Map<String, ByteString> hashes = new TreeMap<>();
    placed().forEach((id, image) -> hashes.put(id, image.getCode().getSha256()));
    return hashes;
  }

  private ImageCode.Builder image(String content) {
    return World.image(code, World.fingerprint(new Random(8)), content, offset++);
  }

  /// What is placed, without where on `images` its record stands.
  private Map<String, PlacedImage> placed() {
    Map<String, PlacedImage> placed = new TreeMap<>();
    KeyValueStore<String, PlacedImage> store = driver.getKeyValueStore(PlacementProcessor.STORE);
    try (KeyValueIterator<String, PlacedImage> images = store.all()) {
      while (images.hasNext()) {
        KeyValue<String, PlacedImage> next = images.next();
        PlacedImage.Builder image = next.value.toBuilder();
        image.getCodeBuilder().clearSource();
        placed.put(next.key, image.build());
      }
    }
    return placed;
  }
}

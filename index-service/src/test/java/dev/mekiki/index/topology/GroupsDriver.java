package dev.mekiki.index.topology;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.policy.DismissedPairs;
import dev.mekiki.hashing.policy.PairKey;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.index.World;
import dev.mekiki.index.groups.GroupMetrics;
import dev.mekiki.index.groups.GroupSettings;
import dev.mekiki.index.groups.Verdicts;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.runtime.policy.VerdictId;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.v1.Group;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.Match;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// The whole topology with groups in the test driver, in which every topic has one partition.
final class GroupsDriver implements AutoCloseable {
  private static final World WORLD = World.random(new Random(7), 4, 1);
  static final HashCode CODE = WORLD.geometry().centers().center(0);

  private final TopologyFixture fixture;
  private final TopologyTestDriver driver;
  private final TestInputTopic<String, ImageCode> codes;
  private final TestOutputTopic<String, String> groups;
  private final TestOutputTopic<String, String> matches;
  private final Map<String, Group> known = new TreeMap<>();
  private final Set<String> left = new HashSet<>();
  private final Set<String> withdrawn = new HashSet<>();
  private final List<Match> reported = new ArrayList<>();
  private final List<Match> retracted = new ArrayList<>();
  private final DismissedPairs dismissed = new DismissedPairs();
  private final Verdicts verdicts = new Verdicts(() -> Policies.of(List.of(), dismissed, Map.of()));
  int records;

  GroupsDriver(Path directory, boolean tenantsShared) {
    this(directory, new GroupSettings(1, tenantsShared, 1_000_000, 1000), 100);
  }

  /// @param maxEvents most events of one arrival
  GroupsDriver(Path directory, GroupSettings settings, int maxEvents) {
    MatchSettings plain = TopologyFixture.matching();
    MatchSettings matching =
        new MatchSettings(
            plain.policy(),
            new OriginFilter(settings.tenantsShared(), true),
            plain.floods(),
            plain.inEvents(),
            maxEvents);
    fixture =
        TopologyFixture.of(
            WORLD,
            matching,
            matching.origins(),
            Retention.NONE,
            TopologyFixture.CLOCK,
            registry -> new GroupTopology(settings, verdicts, new GroupMetrics(registry)));
    driver =
        new TopologyTestDriver(fixture.topology().build(), TopologyFixture.settings(directory));
    codes =
        driver.createInputTopic(
            TopologyFixture.TOPICS.imageCodes(World.NETWORK),
            new StringSerializer(),
            ProtobufSerde.of(ImageCode.getDefaultInstance()).serializer());
    groups =
        driver.createOutputTopic(
            TopologyFixture.TOPICS.groups(), new StringDeserializer(), new StringDeserializer());
    matches =
        driver.createOutputTopic(
            TopologyFixture.TOPICS.matches(), new StringDeserializer(), new StringDeserializer());
  }

  /// An image comes or changes.
  void put(String id, HashCode fingerprint, String content, long offset) {
    codes.pipeInput(id, World.image(CODE, fingerprint, content, offset).build());
  }

  /// An image comes or changes.
  void put(String id, ImageCode image) {
    codes.pipeInput(id, image);
  }

  /// Somebody dismisses a pair of contents of the default tenant, or withdraws that.
  void judge(String shaA, String shaB, boolean isDismissed) {
    Sha256 a = Sha256.fromHex(shaA);
    Sha256 b = Sha256.fromHex(shaB);
    if (isDismissed) {
      dismissed.add(PairKey.of("", a, b));
    } else {
      dismissed.remove(PairKey.of("", a, b));
    }
    verdicts.changed(List.of(new VerdictId("", a, b)));
  }

  /// The same, without telling which pair it is.
  void judgeUnnoticed(String shaA, String shaB) {
    dismissed.add(PairKey.of("", Sha256.fromHex(shaA), Sha256.fromHex(shaB)));
    verdicts.readAnew();
  }

  void delete(String id) {
    codes.pipeInput(id, null);
  }

  /// The groups by id, as the records on their topic say some seconds later.
  Map<String, Group> groups() {
    for (int second = 0; second < 3; second++) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
    }
    for (TestRecord<String, String> record : groups.readRecordsToList()) {
      records++;
      @Nullable String json = record.getValue();
      if (json == null) {
        if (known.remove(record.key()) == null && !left.contains(record.key())) {
          throw new AssertionError("dissolved, and was none: " + record.key());
        }
        withdrawn.add(record.key());
      } else {
        Group group = parsed(json, Group.newBuilder()).build();
        if (!group.getId().equals(record.key())) {
          throw new AssertionError("key %s of %s".formatted(record.key(), group));
        }
        known.put(record.key(), group);
      }
    }
    return known;
  }

  /// Writes a record of a group as an index would have left it that is gone.
  void leaveGroup(String id) {
    left.add(id);
    driver
        .createInputTopic(
            TopologyFixture.TOPICS.groups(), new StringSerializer(), new ByteArraySerializer())
        .pipeInput(id, new byte[] {'{', '}'});
  }

  /// Whether a group has been withdrawn.
  boolean withdrawn(String id) {
    return withdrawn.contains(id);
  }

  /// The group of an id.
  Group group(String id) {
    return Objects.requireNonNull(groups().get(id), id);
  }

  private static <B extends Message.Builder> B parsed(String json, B builder) {
    try {
      JsonFormat.parser().merge(json, builder);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(json, e);
    }
    return builder;
  }

  /// Reads what was written to `matches`.
  private void readMatches() {
    for (TestRecord<String, String> record : matches.readRecordsToList()) {
      Match match = parsed(record.value(), Match.newBuilder()).build();
      boolean isRetraction =
          new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8)
              .equals(MatchEvents.RETRACTED);
      if (isRetraction == MatchEvents.reportsPair(record.headers())
          || isRetraction != match.hasRetraction()
          || !record.key().equals(match.getLater().getId())) {
        throw new AssertionError(record.toString());
      }
      (isRetraction ? retracted : reported).add(match);
    }
  }

  /// The matches reported so far.
  List<Match> reported() {
    readMatches();
    return reported;
  }

  /// The matches retracted so far.
  List<Match> retracted() {
    readMatches();
    return retracted;
  }

  /// Bytes on one of the topics that groups read.
  void write(String topic, byte @Nullable [] value) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(null, value);
  }

  /// An event as another program might write it.
  void writeEvent(String type, byte[] value) {
    TestInputTopic<byte[], byte[]> topic =
        driver.createInputTopic(
            TopologyFixture.TOPICS.matches(), new ByteArraySerializer(), new ByteArraySerializer());
    TestRecord<byte[], byte[]> record = new TestRecord<>(new byte[] {1}, value);
    record.headers().add("ce_type", type.getBytes(StandardCharsets.UTF_8));
    topic.pipeInput(record);
  }

  String messagesTopic() {
    return TopologyFixture.TOPICS.groupMessages(WORLD.geometry().id(), 0);
  }

  double leftOut(String topic) {
    return fixture
        .registry()
        .get("mekiki.index.records.left.out")
        .tag("topic", topic)
        .counter()
        .count();
  }

  double count(String counter) {
    return fixture.registry().get("mekiki.index.groups." + counter).counter().count();
  }

  @Override
  public void close() {
    driver.close();
  }
}

package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import com.linecorp.armeria.client.WebClient;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.index.World;
import dev.mekiki.index.cluster.LogOracle.Due;
import dev.mekiki.index.cluster.Workload.Pair;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.policy.MuteId;
import dev.mekiki.runtime.policy.PolicyJson;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.MutedFingerprint;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// A random stream of images of several tenants and sources, some of which expire, while people
/// mute, dismiss and change thresholds, and take that back: every pair that the decisions allow
/// makes one event, no other pair any. {@link LogOracle} decides by what is on the topics.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes half a minute; run with -Dmekiki.tests.long=true")
class DecisionsIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final List<String> TENANTS = List.of("", "shop", "market");
  private static final int PHASES = 6;
  private static final int STEPS = 130;
  private static final int PARTITIONS = 4;

  /// For images that expire: long enough for a burst to be written.
  private static final Duration LIFE = Duration.ofSeconds(4);

  @TempDir private Path directory;
  private final Random random = new Random(Long.getLong("mekiki.seed", 42));
  private final World world = World.random(random, 8, PARTITIONS);
  private final Map<String, ImageCode> sent = new TreeMap<>();
  private final Set<String> muted = new TreeSet<>();
  private final Set<String> dismissed = new TreeSet<>();
  private Topics topics = Topics.withDefaultPrefix();
  private long lastEnd;

  @Test
  void everyPairThatDecisionsAllowMakesOneEventAndNoOtherAny() throws Exception {
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
        Cluster cluster = new Cluster(broker.bootstrapServers(), "decisions", world)) {
      Path state = directory.resolve("state");
      topics = Configuration.of(IndexConfig.class, cluster.configuration(state)).topics().names();
      try (IndexService service = cluster.start(state, Map.of("mekiki.match.same-source", "off"))) {
        Workload workload = new Workload(world, random.nextLong(), 90, 12, 2);
        for (int phase = 0; phase < PHASES; phase++) {
          if (phase > 0) {
            decide(cluster);
            awaitInForce(service);
          }
          write(cluster, workload);
          awaitRest(cluster);
        }
        check(cluster);
      }
    }
  }

  private void check(Cluster cluster) {
    Map<Pair, Due> due = oracle(cluster).pairs();
    Map<Due, Integer> counts = LogOracle.counts(due);
    System.out.printf("pairs=%s events=%d%n", counts, cluster.matches().size());
    assertThat(counts).containsOnlyKeys(EnumSet.allOf(Due.class));
    Set<Pair> emitted = new HashSet<>();
    for (Match match : cluster.matches()) {
      Pair pair = pair(match);
      assertThat(emitted.add(pair)).as("emitted twice: %s", match).isTrue();
      assertThat(due.get(pair)).as("%s", match).isIn(Due.ONE, Due.ANY);
    }
    assertThat(missing(due, emitted)).isEmpty();
  }

  private static Pair pair(Match match) {
    return Pair.of(match.getLater().getRevision(), match.getEarlier().getRevision());
  }

  private static List<Pair> missing(Map<Pair, Due> due, Set<Pair> emitted) {
    return due.entrySet().stream()
        .filter(pair -> pair.getValue() == Due.ONE && !emitted.contains(pair.getKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// A burst of images. Of which tenant and source one is depends on its id and bytes, as a rule.
  private void write(Cluster cluster, Workload workload) {
    lastEnd = 0;
    Set<String> ending = new HashSet<>();
    List<Workload.Step> steps = new ArrayList<>();
    for (Workload.Step step : workload.next(STEPS)) {
      if (!ending.contains(step.id())) {
        @Nullable ImageCode code = step.code();
        steps.add(code == null ? step : decorated(step, code, ending));
      }
    }
    cluster.write(steps);
  }

  private Workload.Step decorated(Workload.Step step, ImageCode code, Set<String> ending) {
    ImageCode.Builder image = code.toBuilder();
    int tenant =
        random.nextInt(12) == 0 ? random.nextInt(3) : Math.floorMod(step.id().hashCode(), 3);
    int source = Math.floorMod(step.id().hashCode() * 31 + code.getSha256().hashCode(), 6);
    image.setTenant(TENANTS.get(tenant));
    image.setImageSource(source < 2 ? "" : "upload-" + source);
    int kind = random.nextInt(15);
    if (kind < 2) {
      // This one has ended when it comes, or ends soon.
      long end = System.currentTimeMillis() + (kind == 0 ? -1 : LIFE.toMillis());
      lastEnd = Math.max(lastEnd, end);
      image.setExpireTime(Timestamps.fromMillis(end));
      ending.add(step.id());
    }
    ImageCode decorated = image.build();
    sent.put(step.id(), decorated);
    return new Workload.Step(step.lane(), step.id(), decorated);
  }

  /// Waits until all that was written is dealt with, and what was to end has ended.
  private void awaitRest(Cluster cluster) {
    Awaitility.await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> {
          Set<Pair> emitted = new HashSet<>();
          cluster.matches().forEach(match -> emitted.add(pair(match)));
          assertThat(missing(oracle(cluster).pairs(), emitted)).isEmpty();
        });
    List<Map<TopicPartition, Long>> ends = new ArrayList<>();
    Awaitility.await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(250))
        .until(() -> {
          ends.add(ends(cluster));
          int polls = ends.size();
          return polls > 6
              && new HashSet<>(ends.subList(polls - 6, polls)).size() == 1
              && System.currentTimeMillis() > lastEnd;
        });
  }

  private Map<TopicPartition, Long> ends(Cluster cluster) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(cluster)) {
      return consumer.endOffsets(
          partitions(
              consumer,
              List.of(
                  cluster.codesTopic(),
                  cluster.placementsTopic(),
                  cluster.probesTopic(),
                  topics.matches())));
    }
  }

  /// Some decisions more, and some less.
  private void decide(Cluster cluster) throws InterruptedException {
    for (String id : List.copyOf(muted)) {
      if (random.nextInt(3) == 0) {
        muted.remove(id);
        write(cluster, topics.mutes(), id, null);
      }
    }
    for (int kind = 0; kind < 3; kind++) {
      Mute mute = mute(kind);
      muted.add(MuteId.of(mute));
      write(cluster, topics.mutes(), MuteId.of(mute), mute);
    }
    for (int i = 0; i < 12; i++) {
      dismiss(cluster);
    }
    for (String id : List.copyOf(dismissed)) {
      if (random.nextInt(4) == 0) {
        dismissed.remove(id);
        Verdict confirmed =
            Verdict.newBuilder().setDecision(Verdict.Decision.CONFIRMED).setAuthor("a").build();
        write(cluster, topics.verdicts(), id, random.nextBoolean() ? null : confirmed);
      }
    }
    String tenant = TENANTS.get(random.nextInt(1, 3));
    write(
        cluster,
        topics.tenants(),
        tenant,
        random.nextInt(3) == 0
            ? null
            : TenantSettings.newBuilder().setFingerprintRadius(random.nextInt(10, 31)).build());
    cluster.flush();
    // So that no image has the time of a decision.
    Thread.sleep(5);
  }

  private Mute mute(int kind) {
    ImageCode image = any();
    Mute.Builder mute = Mute.newBuilder().setAuthor("somebody");
    if (random.nextInt(3) == 0) {
      mute.setTenant(TENANTS.get(random.nextInt(3)));
    }
    switch (kind) {
      case 0 -> mute.setImageId(List.copyOf(sent.keySet()).get(random.nextInt(sent.size())));
      case 1 ->
          mute.setFingerprint(
              MutedFingerprint.newBuilder()
                  .setFingerprint(hex(image.getFingerprint().toByteArray()))
                  .setRadius(random.nextInt(25)));
      default -> mute.setSha256(hex(image.getSha256().toByteArray()));
    }
    return mute.build();
  }

  /// Dismisses two contents that look alike, for one tenant.
  private void dismiss(Cluster cluster) {
    ImageCode image = any();
    List<ImageCode> alike =
        sent.values().stream()
            .filter(other ->
                !other.getSha256().equals(image.getSha256()) && distance(other, image) <= 31)
            .toList();
    if (alike.isEmpty()) {
      return;
    }
    String a = hex(image.getSha256().toByteArray());
    String b = hex(alike.get(random.nextInt(alike.size())).getSha256().toByteArray());
    String pair = a.compareTo(b) < 0 ? a + '-' + b : b + '-' + a;
    String id = image.getTenant().isEmpty() ? pair : image.getTenant() + '/' + pair;
    dismissed.add(id);
    write(
        cluster,
        topics.verdicts(),
        id,
        Verdict.newBuilder().setDecision(Verdict.Decision.DISMISSED).build());
  }

  private static int distance(ImageCode a, ImageCode b) {
    return HashCode.fromBytes(a.getFingerprint().toByteArray())
        .distance(HashCode.fromBytes(b.getFingerprint().toByteArray()));
  }

  private ImageCode any() {
    return List.copyOf(sent.values()).get(random.nextInt(sent.size()));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static void write(Cluster cluster, String topic, String key, @Nullable Message value) {
    cluster.write(
        new ProducerRecord<>(
            topic,
            key.getBytes(StandardCharsets.UTF_8),
            value == null ? null : PolicyJson.bytes(value)));
  }

  /// Waits until the instance has read the decisions: as many as are in force, and a while longer,
  /// since thresholds are not counted.
  private void awaitInForce(IndexService service) throws InterruptedException {
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          String metrics =
              WebClient.of("http://" + service.address()).blocking().get("/metrics").contentUtf8();
          assertThat(metrics)
              .containsPattern("mekiki_policy_mutes(\\{.*})? %d\\.0".formatted(muted.size()));
          assertThat(metrics)
              .containsPattern(
                  "mekiki_policy_dismissed(\\{.*})? %d\\.0".formatted(dismissed.size()));
        });
    Thread.sleep(1500);
  }

  private LogOracle oracle(Cluster cluster) {
    List<LogOracle.Decision> decisions = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records(cluster, topics.mutes())) {
      decisions.add(
          new LogOracle.Decision(
              record.timestamp(),
              key(record),
              parsed(record, Mute.getDefaultInstance()),
              null,
              null));
    }
    for (ConsumerRecord<byte[], byte[]> record : records(cluster, topics.verdicts())) {
      decisions.add(
          new LogOracle.Decision(
              record.timestamp(),
              key(record),
              null,
              parsed(record, Verdict.getDefaultInstance()),
              null));
    }
    for (ConsumerRecord<byte[], byte[]> record : records(cluster, topics.tenants())) {
      decisions.add(
          new LogOracle.Decision(
              record.timestamp(),
              key(record),
              null,
              null,
              parsed(record, TenantSettings.getDefaultInstance())));
    }
    decisions.sort(Comparator.comparingLong(LogOracle.Decision::time));
    List<LogOracle.Code> codes = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records(cluster, cluster.codesTopic())) {
      codes.add(new LogOracle.Code(record.timestamp(), key(record), code(record)));
    }
    return new LogOracle(decisions, codes);
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  private static @Nullable ImageCode code(ConsumerRecord<byte[], byte[]> record) {
    try {
      return record.value() == null ? null : ImageCode.parseFrom(record.value());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("unchecked") // A builder builds what its prototype is.
  private static <T extends Message> @Nullable T parsed(
      ConsumerRecord<byte[], byte[]> record, T prototype) {
    if (record.value() == null) {
      return null;
    }
    Message.Builder into = prototype.newBuilderForType();
    try {
      JsonFormat.parser().merge(new String(record.value(), StandardCharsets.UTF_8), into);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    return (T) into.build();
  }

  /// All records of a topic, those of a partition in their order.
  private static List<ConsumerRecord<byte[], byte[]>> records(Cluster cluster, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(cluster)) {
      List<TopicPartition> partitions = partitions(consumer, List.of(topic));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (partitions.stream()
          .anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
        consumer.poll(Duration.ofMillis(50)).forEach(records::add);
      }
      return records;
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Cluster cluster) {
    return new KafkaConsumer<>(
        cluster.clients().consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, List<String> names) {
    return names.stream()
        .flatMap(name -> consumer.partitionsFor(name).stream())
        .map(at -> new TopicPartition(at.topic(), at.partition()))
        .toList();
  }
}

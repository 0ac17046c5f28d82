package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mekiki.client.MekikiException;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Match;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// No record on any topic stops, slows or misleads a service: random and damaged records on every
/// topic that a service reads, ordinary images among them. The ordinary ones come through, with
/// every match, while the services run and after a restart that reads all of it again.
///
/// `-Dmekiki.seed=N` replays a run, `-Dmekiki.poison=N` sends as many records to each topic.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class PoisonRecordsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int ORIGINALS = 12;
  private static final int ROUNDS = 4;
  private static final int LARGEST_RECORD = 16 << 20;

  private final long seed = Long.getLong("mekiki.seed", System.nanoTime());
  private final int poisonPerRound = Integer.getInteger("mekiki.poison", 200) / ROUNDS;

  @TempDir private Path data;

  @Test
  void ordinaryImagesComeThroughBetweenRecordsThatNobodyCanUse() throws Exception {
    System.out.printf("PoisonRecordsIT: -Dmekiki.seed=%d%n", seed);
    SampleSet photos = TestPictures.photos(400, ORIGINALS);
    List<SamplePicture> pictures = photos.pictures();
    Set<String> ids = pictures.stream().map(SamplePicture::id).collect(Collectors.toSet());
    try (InProcess mekiki = new InProcess(data, Map.of())) {
      Map<String, Integer> topics = topicsRead(mekiki.bootstrapServers());
      allowAnyTimestamp(mekiki.bootstrapServers(), topics.keySet());
      PoisonRecords poison = new PoisonRecords(seed, LARGEST_RECORD);
      for (int round = 0; round < ROUNDS; round++) {
        send(mekiki.bootstrapServers(), topics, poison, round);
        for (int i = round; i < pictures.size(); i += ROUNDS) {
          SamplePicture picture = pictures.get(i);
          mekiki.api().put(picture.id(), photos.bytes(picture), Map.of(), false);
        }
      }
      assertAllIsWell(mekiki, ids);
    }
    try (InProcess again = new InProcess(data, Map.of())) {
      assertAllIsWell(again, ids);
      SamplePicture original = pictures.getFirst();
      again.api().put("after-the-restart", photos.bytes(original), Map.of(), false);
      Set<String> all = new TreeSet<>(ids);
      all.add("after-the-restart");
      assertAllIsWell(again, all);
    }
  }

  private static void assertAllIsWell(InProcess mekiki, Set<String> ids) throws Exception {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(missing(mekiki, ids)).isEmpty());
    try (MatchLog log = new MatchLog(mekiki.bootstrapServers())) {
      List<Match> own =
          log.readUntilQuiet().stream()
              .filter(match ->
                  ids.contains(match.getLater().getId())
                      && ids.contains(match.getEarlier().getId()))
              .toList();
      new Oracle(mekiki.api(), List.copyOf(ids)).assertMatchesAreExactlyThePairs(own);
    }
    assertThat(status(mekiki, "/livez")).isEqualTo(200);
    assertThat(status(mekiki, "/readyz")).isEqualTo(200);
  }

  private static List<String> missing(InProcess mekiki, Set<String> ids) {
    List<String> missing = new ArrayList<>();
    for (String id : ids) {
      try {
        assertThat(mekiki.api().image(id).getId()).isEqualTo(id);
      } catch (MekikiException e) {
        missing.add(id + ": " + e.getMessage());
      }
    }
    return missing;
  }

  private static int status(InProcess mekiki, String path) throws Exception {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://" + mekiki.server() + path)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  /// Every topic that a service reads, with its number of partitions.
  private static Map<String, Integer> topicsRead(String bootstrapServers) throws Exception {
    Topics names = Topics.withDefaultPrefix();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      List<String> read =
          admin.listTopics().names().get().stream()
              .filter(name ->
                  name.equals(names.images())
                      || name.equals(names.generations())
                      || name.equals(names.matches())
                      || name.startsWith(names.prefix() + "image-codes-")
                      || name.startsWith(names.prefix() + "thumbnails-")
                      || name.startsWith(names.prefix() + "probes-")
                      || name.startsWith(names.prefix() + "code-placements-"))
              .toList();
      assertThat(read).hasSize(7);
      Map<String, Integer> partitions = new HashMap<>();
      admin
          .describeTopics(read)
          .allTopicNames()
          .get()
          .forEach((name, topic) -> partitions.put(name, topic.partitions().size()));
      return partitions;
    }
  }

  /// Brokers before 4.0 take any timestamp; this one does when configured so.
  private static void allowAnyTimestamp(String bootstrapServers, Set<String> topics)
      throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      Map<ConfigResource, java.util.Collection<AlterConfigOp>> changes = new HashMap<>();
      for (String topic : topics) {
        changes.put(
            new ConfigResource(ConfigResource.Type.TOPIC, topic),
            List.of(
                new AlterConfigOp(
                    new ConfigEntry(
                        "message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE)),
                    AlterConfigOp.OpType.SET)));
      }
      admin.incrementalAlterConfigs(changes).all().get();
    }
  }

  private void send(
      String bootstrapServers, Map<String, Integer> topics, PoisonRecords poison, int round)
      throws Exception {
    Map<String, List<byte[]>> samples = samples(bootstrapServers, topics);
    int refused = 0;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "max.request.size",
                LARGEST_RECORD * 2,
                "buffer.memory",
                256L << 20,
                "compression.type",
                round % 2 == 0 ? "none" : "gzip"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Map.Entry<String, Integer> topic : topics.entrySet()) {
        String name = topic.getKey();
        boolean compacted = !name.endsWith("images") && !name.endsWith("matches");
        for (int i = 0; i < poisonPerRound; i++) {
          sent.add(
              producer.send(
                  poison.any(
                      name, topic.getValue(), samples.getOrDefault(name, List.of()), !compacted)));
        }
        sent.add(producer.send(poison.largest(name, topic.getValue(), true)));
        sent.add(producer.send(poison.largest(name, topic.getValue(), false)));
      }
      producer.flush();
      for (Future<RecordMetadata> one : sent) {
        try {
          one.get();
        } catch (ExecutionException e) {
          // A topic with a lower limit refuses some: they cannot harm anybody then.
          assertThat(e.getCause()).isInstanceOf(RecordTooLargeException.class);
          refused++;
        }
      }
      int largest = 2 * topics.size();
      assertThat(refused).isLessThanOrEqualTo(largest + sent.size() / 20);
    }
  }

  /// Values of real records, some of each topic.
  private static Map<String, List<byte[]>> samples(
      String bootstrapServers, Map<String, Integer> topics) {
    Map<String, List<byte[]>> samples = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all = new ArrayList<>();
      topics.forEach((name, partitions) -> {
        for (int i = 0; i < partitions; i++) {
          all.add(new TopicPartition(name, i));
        }
      });
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          boolean ordinary =
              record.key() != null
                  && record.value() != null
                  && !Arrays.equals(record.key(), new byte[0])
                  && !new String(record.key(), java.nio.charset.StandardCharsets.UTF_8)
                      .startsWith(PoisonRecords.KEY_PREFIX);
          if (ordinary) {
            samples.computeIfAbsent(record.topic(), _ -> new ArrayList<>()).add(record.value());
          }
        }
      }
    }
    return samples;
  }
}

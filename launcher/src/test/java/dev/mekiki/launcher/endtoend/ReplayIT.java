package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.PutImageRequest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Every record of `images` sent once more into the installation that has processed them: images
/// that are there, images that were replaced, and images that were deleted. No event is made, no
/// match is retracted, and no image or group changes.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes half a minute; run with -Dmekiki.tests.long=true")
class ReplayIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PHOTOS = 4;
  private static final List<String> TENANTS = List.of("", "shop");

  private static final Map<String, String> SETTINGS =
      Map.of(
          "mekiki.groups", "on",
          "mekiki.match.copies", "on",
          "mekiki.topics.landmark-partitions", "2");

  private static final Topics TOPICS = Topics.withDefaultPrefix();

  @TempDir private Path data;

  @Test
  void aReplayOfAllImagesMakesNoEvent() throws Exception {
    try (InProcess mekiki = new InProcess(data, SETTINGS);
        MatchLog matches = new MatchLog(mekiki.bootstrapServers());
        Admin admin = Admin.create(Map.of("bootstrap.servers", mekiki.bootstrapServers()))) {
      List<byte[]> pictures = send(mekiki.api());
      awaitRest(admin);
      List<String> events = events(matches);
      Map<String, String> groups = groups(mekiki);
      Map<String, Long> images = images(mekiki);
      assertThat(events).hasSizeGreaterThan(4 * PHOTOS).anyMatch(event -> event.contains(" ended"));
      assertThat(groups).isNotEmpty();

      replay(mekiki.bootstrapServers());
      awaitRest(admin);

      assertThat(events(matches)).isEqualTo(events);
      assertThat(groups(mekiki)).isEqualTo(groups);
      assertThat(images(mekiki)).isEqualTo(images);

      // What is new makes events as before, also with images whose records came again, and where an
      // earlier picture comes back under a record of its own.
      mekiki.api().put("new", pictures.getFirst(), Map.of(), false);
      mekiki.api().put("deleted", pictures.getFirst(), Map.of(), false);
      awaitRest(admin);
      List<String> more = new ArrayList<>(events(matches));
      events.forEach(more::remove);
      assertThat(more)
          .contains("EXACT new + photo-0-", "EXACT deleted + photo-0-", "EXACT deleted + new");
    }
  }

  /// Pictures of two tenants with identical and edited copies; some replaced, and back again; some
  /// deleted, before or after their copies came, or sent again after that.
  private static List<byte[]> send(MekikiClient api) throws IOException {
    SampleSet set = TestPictures.photos(300, PHOTOS);
    List<byte[]> originals = new ArrayList<>();
    for (SamplePicture picture : set.pictures()) {
      if (picture.isOriginal()) {
        originals.add(set.bytes(picture));
      }
    }
    api.delete("deleted first");
    for (int i = 0; i < PHOTOS; i++) {
      for (String tenant : TENANTS) {
        put(api, "photo-%d-%s".formatted(i, tenant), originals.get(i), tenant);
        put(api, "edited-%d-%s".formatted(i, tenant), encoded(originals.get(i)), tenant);
      }
      put(api, "crop-" + i, cropped(originals.get(i)), "");
    }
    put(api, "replaced", originals.get(0), "");
    put(api, "deleted", originals.get(0), "");
    put(api, "deleted and back", originals.get(1), "");
    put(api, "passes on", originals.get(1), "");
    put(api, "back and forth", originals.get(2), "");
    put(api, "replaced", originals.get(2), "");
    put(api, "back and forth", originals.get(3), "");
    api.delete("deleted");
    api.delete("deleted");
    api.delete("deleted and back");
    // Never there together with the first picture of `replaced`, nor with `deleted`.
    put(api, "late copy", originals.get(0), "");
    put(api, "back and forth", originals.get(2), "");
    put(api, "deleted and back", originals.get(1), "");
    put(api, "passes on", originals.get(1), "shop");
    put(api, "deleted first", originals.get(3), "");
    put(api, "late copy", originals.get(0), "");
    return originals;
  }

  private static void put(MekikiClient api, String id, byte[] image, String tenant) {
    api.put(id, image, PutImageRequest.newBuilder().setTenant(tenant).setSource(id).build());
  }

  /// Sends each record of `images` once more, with its key, value, headers and time.
  private static void replay(String bootstrapServers) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "max.request.size", 32 << 20);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (ConsumerRecord<byte[], byte[]> record : records(bootstrapServers, TOPICS.images())) {
        var _ =
            producer
                .send(
                    new ProducerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers()))
                .get();
      }
    }
  }

  /// All records of a topic, in the order of their times.
  private static List<ConsumerRecord<byte[], byte[]>> records(
      String bootstrapServers, String topic) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            false);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(at -> new TopicPartition(at.topic(), at.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (partitions.stream()
          .anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
      return records;
    }
  }

  /// Every event so far, those that end one included, in some order.
  private static List<String> events(MatchLog matches) {
    return matches.readUntilQuiet().stream().map(ReplayIT::event).sorted().toList();
  }

  private static String event(Match match) {
    return "%s %s + %s%s"
        .formatted(
            match.getKind(),
            match.getLater().getId(),
            match.getEarlier().getId(),
            match.hasRetraction() ? " ended" : "");
  }

  /// The last record of each group.
  private static Map<String, String> groups(InProcess mekiki) {
    Map<String, String> groups = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record :
        records(mekiki.bootstrapServers(), TOPICS.groups())) {
      if (record.value() == null) {
        groups.remove(new String(record.key(), StandardCharsets.UTF_8));
      } else {
        groups.put(
            new String(record.key(), StandardCharsets.UTF_8),
            new String(record.value(), StandardCharsets.UTF_8));
      }
    }
    return groups;
  }

  /// The revision of each image, as an offset.
  private static Map<String, Long> images(InProcess mekiki) {
    return records(mekiki.bootstrapServers(), TOPICS.images()).stream()
        .map(record -> new String(record.key(), StandardCharsets.UTF_8))
        .distinct()
        .filter(id -> !id.equals("deleted"))
        .collect(
            Collectors.toMap(
                Function.identity(), id -> mekiki.api().image(id).getRevision().getOffset()));
  }

  /// Waits until no topic grows any more.
  private static void awaitRest(Admin admin) {
    Map<TopicPartition, Long> before = new HashMap<>();
    int[] still = {0};
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(300))
        .until(() -> {
          Map<TopicPartition, Long> now = ends(admin);
          still[0] = now.equals(before) ? still[0] + 1 : 0;
          before.putAll(now);
          return still[0] >= 6;
        });
  }

  private static Map<TopicPartition, Long> ends(Admin admin) throws Exception {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    admin
        .describeTopics(admin.listTopics().names().get())
        .allTopicNames()
        .get()
        .forEach((name, topic) ->
            topic
                .partitions()
                .forEach(at ->
                    asked.put(new TopicPartition(name, at.partition()), OffsetSpec.latest())));
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin.listOffsets(asked).all().get().forEach((at, end) -> ends.put(at, end.offset()));
    return ends;
  }

  private static byte[] encoded(byte[] picture) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(image, "png", file);
    return file.toByteArray();
  }

  private static byte[] cropped(byte[] picture) throws IOException {
    BufferedImage whole = ImageIO.read(new ByteArrayInputStream(picture));
    int width = whole.getWidth();
    int height = whole.getHeight();
    BufferedImage part =
        new BufferedImage(width * 3 / 4, height * 3 / 4, BufferedImage.TYPE_INT_RGB);
    var _ = part.createGraphics().drawImage(whole, -width / 8, -height / 8, null);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(part, "jpg", file);
    return file.toByteArray();
  }
}

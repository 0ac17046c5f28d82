package dev.mekiki.benchmarks.open;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.HeapInUse;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.benchmarks.testbed.Generations;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.benchmarks.testbed.Testbed;
import dev.mekiki.hashing.routing.Home;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.partition.PlacementStore;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.PlacedRow;
import dev.mekiki.schemas.v1.Placement;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Writes placements to a topic of one partition, restores the real store from it as Kafka Streams
/// does, closes it, and opens it again.
final class OpenMeasurement {
  private static final String NAME = "open";

  /// Records of one poll: as many as Kafka Streams' restore consumer polls.
  private static final int POLL_RECORDS = 1000;

  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final CodeData data;
  private final DataOptions options;
  private final Output output;
  private final @Nullable Path parent;
  private final GenerationGeometry geometry;
  private final Generation generation;
  private final int codes;

  OpenMeasurement(CodeData data, DataOptions options, Output output, @Nullable Path parent) {
    this.data = data;
    this.options = options;
    this.output = output;
    this.parent = parent;
    this.codes = data.codes().size();
    this.generation = Generations.of(data.centers(), 1);
    this.geometry = GenerationGeometry.of(generation);
  }

  OpenReport run() throws IOException {
    try (Testbed testbed = Testbed.start(parent)) {
      Path directory = Files.createDirectories(testbed.directory().resolve("store"));
      KafkaClients clients = testbed.clients();
      Topics topics = Testbed.topics(NAME);
      String topic = topics.codePlacements(generation.getId(), 0);
      TopicProvisioner.ensure(
          clients, List.of(TopicSpec.codePlacements(topics, generation.getId(), 0, 1, (short) 1)));
      produce(clients, topic);
      TopicPartition partition = new TopicPartition(topic, 0);

      PlacementStore restored =
          new HostedPartitions(geometry, FilterableKeys.NONE, leftOut()).store();
      StoreContext context = new StoreContext(directory);
      restored.init(context, restored);
      long restoreNanos = restore(clients, partition, context);
      boolean complete = restored.images() == codes;
      restored.commit(Map.of(partition, (long) codes));
      restored.close();

      output.phase("opening");
      PlacementStore opened =
          new HostedPartitions(geometry, FilterableKeys.NONE, leftOut()).store();
      StoreContext second = new StoreContext(directory);
      long heap = HeapInUse.bytes();
      Long nativeBefore = NativeMemory.bytes();
      long start = System.nanoTime();
      opened.init(second, opened);
      long openNanos = System.nanoTime() - start;
      long heapBytes = HeapInUse.bytes() - heap;
      Long nativeAfter = NativeMemory.bytes();
      complete &= opened.images() == codes;
      opened.close();
      return new OpenReport(
          codes,
          data.codes().bits(),
          options.distribution(),
          Figures.seconds(openNanos),
          Figures.perSecond(codes, restoreNanos),
          heapBytes,
          nativeBefore == null || nativeAfter == null ? null : nativeAfter - nativeBefore,
          Figures.rounded((double) heapBytes / codes),
          complete);
    }
  }

  private static LeftOutRecords leftOut() {
    return new LeftOutRecords(new SimpleMeterRegistry());
  }

  private void produce(KafkaClients clients, String topic) {
    MadeUpImages images = new MadeUpImages(data.codes(), codes, 0, options.seed());
    Map<String, Object> settings = clients.producer();
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        Progress progress = new Progress("write topic", codes)) {
      for (int number = 0; number < codes; number++) {
        var _ =
            producer.send(
                new ProducerRecord<>(
                    topic,
                    0,
                    ImageIds.of(number).getBytes(StandardCharsets.UTF_8),
                    row(images, number).toByteArray()));
        progress.step();
      }
    }
  }

  private PlacedRow row(MadeUpImages images, int number) {
    Home home = geometry.home(images.code(number), ImageIds.of(number));
    long now = System.currentTimeMillis();
    ByteString fingerprint = ByteString.copyFrom(images.fingerprint(number).code().toBytes());
    Placement placement =
        Placement.newBuilder()
            .setRevision(MadeUpImages.source(number))
            .setHashCode(ByteString.copyFrom(images.code(number).toBytes()))
            .setCenter(home.center())
            .setShell(home.shell())
            .setHomePartition(home.partition())
            .setFingerprint(fingerprint)
            .setFingerprintQuality(100)
            .setSha256(MadeUpImages.sha256(number))
            .setImageTime(Timestamps.fromMillis(now))
            .setEncodedTime(Timestamps.fromMillis(now))
            .setPlacedTime(Timestamps.fromMillis(now))
            .build();
    return PlacedRow.newBuilder().setPlacement(placement).setSequence(number + 1L).build();
  }

  private long restore(KafkaClients clients, TopicPartition partition, StoreContext context) {
    Map<String, Object> settings = clients.consumer();
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Progress progress = new Progress("restore", codes)) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long start = System.nanoTime();
      long lastRecords = start;
      int restored = 0;
      while (restored < codes) {
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>(POLL_RECORDS);
        consumer.poll(Duration.ofMillis(100)).forEach(batch::add);
        if (!batch.isEmpty()) {
          context.restore().restoreBatch(batch);
          restored += batch.size();
          progress.stepTo(restored);
          lastRecords = System.nanoTime();
        } else if (System.nanoTime() - lastRecords > SILENCE.toNanos()) {
          throw new StartException(
              "restore: %d of %d records after %s of silence (expected: all)"
                  .formatted(restored, codes, SILENCE));
        }
      }
      return System.nanoTime() - start;
    }
  }
}

package dev.mekiki.launcher.demo;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Match;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads `matches` and `images.dlq` from their beginning, committed records only, on a thread of
/// its own.
final class ResultFeed implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final JsonFormat.Parser JSON = JsonFormat.parser().ignoringUnknownFields();

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Topics topics;
  private final Listener listener;
  private final Thread thread;

  /// Called on the feed's thread.
  interface Listener {
    /// A match was found.
    ///
    /// @param seenNanos {@link System#nanoTime()} when the record was there
    void match(Match match, long seenNanos);

    /// An image could not be encoded.
    void deadLetter(String id, String reason);
  }

  ResultFeed(KafkaClients clients, Topics topics, Listener listener) {
    this.consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.topics = topics;
    this.listener = listener;
    List<TopicPartition> partitions =
        List.of(topics.matches(), topics.imagesDlq()).stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    this.thread = Thread.ofPlatform().name("demo-results").daemon().start(this::read);
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try (consumer) {
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          handle(record);
        }
      }
    } catch (WakeupException e) {
      // Closed: the end of the thread's work.
      return;
    }
  }

  private void handle(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(topics.matches())) {
      if (MatchEvents.reportsPair(record.headers())) {
        listener.match(parsed(record), System.nanoTime());
      }
    } else {
      listener.deadLetter(text(record.key()), text(header(record, DeadLetterHeaders.MESSAGE)));
    }
  }

  private static Match parsed(ConsumerRecord<byte[], byte[]> record) {
    Match.Builder match = Match.newBuilder();
    try {
      JSON.merge(text(record.value()), match);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "%s-%d@%d is not a match".formatted(record.topic(), record.partition(), record.offset()),
          e);
    }
    return match.build();
  }

  private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : header.value();
  }

  private static String text(byte @Nullable [] utf8) {
    return utf8 == null ? "" : new String(utf8, StandardCharsets.UTF_8);
  }
}

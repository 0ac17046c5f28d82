package dev.mekiki.query.matches;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.Match;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The topic `matches`: its partitions, its offsets and what its records say. Thread-safe.
final class MatchTopic {
  /// The topic's own limit, Kafka's default. A longer record is no match, and is not kept in
  /// memory.
  private static final int MAX_MATCH_BYTES = 1 << 20;

  private static final int DESCRIBE_LIMIT_MS = 5_000;
  private static final JsonFormat.Parser JSON = JsonFormat.parser().ignoringUnknownFields();

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Admin admin;
  private final String name;
  private final SkippedRecords skipped;

  /// @param consumers makes read-committed consumers that are in no group
  /// @param admin stays the caller's to close
  MatchTopic(
      Supplier<Consumer<byte[], byte[]>> consumers,
      Admin admin,
      String name,
      SkippedRecords skipped) {
    this.consumers = consumers;
    this.admin = admin;
    this.name = name;
    this.skipped = skipped;
  }

  String name() {
    return name;
  }

  /// A new consumer, the caller's to close.
  Opened open() {
    return new Opened(consumers.get());
  }

  /// A consumer that is closed at once. It is in no group, so nobody waits for its farewell; by
  /// default closing waits for what it has fetched ahead, half a second or so.
  record Opened(Consumer<byte[], byte[]> consumer) implements AutoCloseable {
    @Override
    public void close() {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  /// Its id and partitions as the brokers have them now. Fails after 5 s without an answer.
  KafkaFuture<TopicDescription> describe() {
    return Objects.requireNonNull(
        admin
            .describeTopics(List.of(name), new DescribeTopicsOptions().timeoutMs(DESCRIBE_LIMIT_MS))
            .topicNameValues()
            .get(name));
  }

  /// Partitions 0 to count - 1.
  List<TopicPartition> partitions(int count) {
    return IntStream.range(0, count).mapToObj(p -> new TopicPartition(name, p)).toList();
  }

  /// The offsets of the oldest records.
  Positions beginning(Consumer<byte[], byte[]> consumer, int partitions) {
    List<TopicPartition> all = partitions(partitions);
    return positions(all, consumer.beginningOffsets(all));
  }

  /// The offsets behind the newest committed records.
  Positions end(Consumer<byte[], byte[]> consumer, int partitions) {
    List<TopicPartition> all = partitions(partitions);
    return positions(all, consumer.endOffsets(all));
  }

  private static Positions positions(List<TopicPartition> all, Map<TopicPartition, Long> offsets) {
    return new Positions(all.stream().map(p -> offsets.getOrDefault(p, 0L)).toList());
  }

  /// The match of a record, or null where it holds none. A record that should hold one is counted
  /// and skipped; an event of another type is passed over.
  @Nullable Match match(ConsumerRecord<byte[], byte[]> record) {
    if (!MatchEvents.reportsPair(record.headers())) {
      return null;
    }
    byte[] value = record.value();
    if (value == null) {
      return skip(record, "no-value", "null (expected: a match as JSON)");
    }
    if (value.length > MAX_MATCH_BYTES) {
      return skip(
          record,
          "too-large",
          "%d bytes (expected: at most %d)".formatted(value.length, MAX_MATCH_BYTES));
    }
    try {
      Match.Builder match = Match.newBuilder();
      JSON.merge(new String(value, StandardCharsets.UTF_8), match);
      return match.build();
    } catch (InvalidProtocolBufferException e) {
      return skip(record, "no-match", BoundedText.message(e));
    } catch (StackOverflowError e) {
      return skip(record, "no-match", "JSON nested too deeply");
    }
  }

  private @Nullable Match skip(
      ConsumerRecord<byte[], byte[]> record, String reason, String detail) {
    skipped.skip(record.topic(), record.partition(), record.offset(), reason, detail);
    return null;
  }
}

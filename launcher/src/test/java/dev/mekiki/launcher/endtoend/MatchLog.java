package dev.mekiki.launcher.endtoend;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Match;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Everything that a read-committed consumer has seen on `matches` so far.
final class MatchLog implements AutoCloseable {
  private final Consumer<byte[], byte[]> consumer;
  private final List<Match> matches = new ArrayList<>();

  MatchLog(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.withDefaultPrefix().matches()).stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /// All matches, those that came since the last call included.
  List<Match> read() {
    while (true) {
      var records = consumer.poll(Duration.ofMillis(200));
      if (records.isEmpty()) {
        return List.copyOf(matches);
      }
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (!PoisonRecords.isPoison(record.key())) {
          matches.add(parsed(record));
        }
      }
    }
  }

  /// All matches once none has come for a second.
  List<Match> readUntilQuiet() {
    int before = -1;
    int quiet = 0;
    while (quiet < 5) {
      int now = read().size();
      quiet = now == before ? quiet + 1 : 0;
      before = now;
    }
    return List.copyOf(matches);
  }

  @Override
  public void close() {
    consumer.close();
  }

  private static Match parsed(ConsumerRecord<byte[], byte[]> record) {
    Match.Builder match = Match.newBuilder();
    try {
      JsonFormat.parser().merge(new String(record.value(), StandardCharsets.UTF_8), match);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("not a match: " + record, e);
    }
    return match.build();
  }
}

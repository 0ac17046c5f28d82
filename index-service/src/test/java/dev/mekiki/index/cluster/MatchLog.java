package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.v1.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/// The events on the topic of matches.
final class MatchLog implements AutoCloseable {
  private final KafkaConsumer<String, String> consumer;
  private final List<Match> matches = new ArrayList<>();
  private final List<Match> retracted = new ArrayList<>();

  MatchLog(KafkaClients clients, String topic) {
    consumer =
        new KafkaConsumer<>(clients.consumer(), new StringDeserializer(), new StringDeserializer());
    consumer.assign(
        consumer.partitionsFor(topic).stream()
            .map((PartitionInfo at) -> new TopicPartition(at.topic(), at.partition()))
            .toList());
  }

  /// All matches emitted so far, as a read-committed consumer sees them.
  List<Match> read() {
    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(5))) {
      Match.Builder match = Match.newBuilder();
      try {
        JsonFormat.parser().merge(record.value(), match);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(record.value(), e);
      }
      assertThat(record.key()).isEqualTo(match.getLater().getId());
      (MatchEvents.reportsPair(record.headers()) ? matches : retracted).add(match.build());
    }
    return matches;
  }

  /// All matches retracted so far.
  List<Match> retracted() {
    read();
    return retracted;
  }

  /// Leaves out what was read so far, and what is there now.
  void forget() {
    read().clear();
  }

  @Override
  public void close() {
    consumer.close();
  }
}

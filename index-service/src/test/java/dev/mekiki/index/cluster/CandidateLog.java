package dev.mekiki.index.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.CopyCandidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// The pairs that were passed on to be verified, as a read-committed consumer sees them.
final class CandidateLog implements AutoCloseable {
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<CopyCandidate> pairs = new ArrayList<>();

  CandidateLog(Cluster cluster, Topics topics) {
    consumer =
        new KafkaConsumer<>(
            cluster.clients().consumer(), new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topics.copyCandidates()).stream()
            .map(at -> new TopicPartition(at.topic(), at.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /// All so far.
  List<CopyCandidate> read() {
    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(5))) {
      try {
        pairs.add(CopyCandidate.parseFrom(record.value()));
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
    return pairs;
  }

  @Override
  public void close() {
    consumer.close();
  }
}

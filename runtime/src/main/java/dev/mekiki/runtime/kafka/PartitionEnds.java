package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.text.BoundedText;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// How long topics are, partition by partition. Thread-safe; calls block on Kafka.
public final class PartitionEnds implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);

  private final Admin admin;
  private final String bootstrapServers;

  public PartitionEnds(KafkaClients clients) {
    admin = Admin.create(clients.admin());
    bootstrapServers = clients.bootstrapServers();
  }

  /// Number of partitions of a topic; 0 where it does not exist.
  ///
  /// @throws StartException where Kafka does not answer
  public int partitions(String topic) {
    try {
      return describe(topic).partitions().size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return 0;
      }
      throw failed(topic, e);
    }
  }

  /// Kafka's id of a topic.
  ///
  /// @throws StartException where Kafka does not answer, or there is no such topic
  public String topicId(String topic) {
    try {
      return describe(topic).topicId().toString();
    } catch (ExecutionException e) {
      throw failed(topic, e);
    }
  }

  private TopicDescription describe(String topic) throws ExecutionException {
    return AdminCalls.await(
        Objects.requireNonNull(admin.describeTopics(List.of(topic)).topicNameValues().get(topic)),
        bootstrapServers);
  }

  /// By partition, the offset of the record that is written next.
  ///
  /// @throws StartException where Kafka does not answer, or there is no such topic
  public List<Long> ends(String topic) {
    int partitions = partitions(topic);
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    IntStream.range(0, partitions)
        .forEach(number -> asked.put(new TopicPartition(topic, number), OffsetSpec.latest()));
    try {
      Map<TopicPartition, ListOffsetsResultInfo> ends =
          AdminCalls.await(admin.listOffsets(asked).all(), bootstrapServers);
      return IntStream.range(0, partitions)
          .mapToObj(number ->
              Objects.requireNonNull(ends.get(new TopicPartition(topic, number))).offset())
          .toList();
    } catch (ExecutionException e) {
      throw failed(topic, e);
    }
  }

  private static StartException failed(String topic, ExecutionException e) {
    return new StartException(
        "topic %s cannot be looked up: %s (expected: a topic that this client may read)"
            .formatted(topic, BoundedText.message(e)),
        e);
  }

  @Override
  public void close() {
    admin.close(CLOSE_LIMIT);
  }
}

package dev.mekiki.runtime.policy;

import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicIdentity;
import dev.mekiki.schemas.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads the three topics, of one partition each, by their offsets. For one thread, except {@link
/// #wakeup}.
final class PolicyReader implements AutoCloseable {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final Duration IDENTITY_INTERVAL = Duration.ofSeconds(5);

  private final List<TopicPartition> partitions;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicIdentity identity;
  private boolean offsetsLost;

  PolicyReader(KafkaClients clients, Topics topics) {
    List<String> names = names(topics);
    partitions = names.stream().map(name -> new TopicPartition(name, 0)).toList();
    Map<String, Object> properties = clients.consumer();
    // An offset that is not there any more means another topic of the same name: all is read again.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(partitions);
    identity = new TopicIdentity(Admin.create(clients.admin()), names, IDENTITY_INTERVAL);
  }

  static List<String> names(Topics topics) {
    return Stream.of(topics.mutes(), topics.verdicts(), topics.tenants()).toList();
  }

  /// Begins anew.
  ///
  /// @return the ends of the topics as they are now
  /// @throws org.apache.kafka.common.errors.TimeoutException where Kafka does not name them in time
  Map<String, Long> rewind() {
    boolean _ = identity.refresh();
    offsetsLost = false;
    consumer.seekToBeginning(partitions);
    Map<String, Long> ends = new HashMap<>();
    consumer
        .endOffsets(partitions, ANSWER_LIMIT)
        .forEach((partition, end) -> ends.put(partition.topic(), end));
    return ends;
  }

  /// The next records, in the order of each topic.
  ///
  /// @throws WakeupException where {@link #wakeup} was called
  Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration wait) {
    try {
      return consumer.poll(wait);
    } catch (InvalidOffsetException e) {
      offsetsLost = true;
      return List.of();
    }
  }

  /// Whether one of the topics is not the one that was read: it was deleted and created again.
  boolean isCreatedAnew() {
    return offsetsLost || identity.hasChanged();
  }

  /// The offset of the next record of each topic.
  Map<String, Long> positions() {
    Map<String, Long> positions = new HashMap<>();
    for (TopicPartition partition : partitions) {
      positions.put(partition.topic(), consumer.position(partition, ANSWER_LIMIT));
    }
    return positions;
  }

  /// Ends a wait, from any thread.
  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    try {
      // It is in no group, and what brokers may still send is of no use: closing need not wait.
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    } finally {
      identity.close();
    }
  }
}

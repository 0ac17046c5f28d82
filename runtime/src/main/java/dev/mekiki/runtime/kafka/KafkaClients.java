package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.config.ImageLimits;
import dev.mekiki.runtime.config.KafkaConfig;
import dev.mekiki.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/// Settings for every kind of Kafka client, as maps that the clients' constructors and Kafka
/// Streams take. `mekiki.kafka.client.*` passes through, except where it would break a guarantee:
/// isolation, idempotence, acknowledgement and sizes win over it. Immutable, thread-safe.
///
/// Serializers are given to the clients' constructors.
public final class KafkaClients {
  /// Longest life of a transaction: a dead instance's open one blocks read-committed readers that
  /// long.
  public static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

  private final KafkaConfig config;
  private final int recordBytes;

  /// @param config where Kafka is
  /// @param limits the byte limit of images decides about sizes of requests and fetches
  public KafkaClients(KafkaConfig config, ImageLimits limits) {
    this.config = config;
    this.recordBytes = TopicSpec.deadLetterBytes(limits.maxBytes());
  }

  /// host:port of one or more brokers, as configured.
  public String bootstrapServers() {
    return config.bootstrapServers();
  }

  /// What every client needs: the brokers' addresses and what passes through.
  public Map<String, Object> common() {
    Map<String, Object> properties = new HashMap<>(config.client());
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    return properties;
  }

  /// For an admin client.
  public Map<String, Object> admin() {
    return common();
  }

  /// For a consumer that reads from the beginning what is committed, and commits nothing by itself.
  /// Without a group: for a reader that assigns its partitions itself.
  public Map<String, Object> consumer() {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, recordBytes);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Math.max(recordBytes, 50 << 20));
    return properties;
  }

  /// For a consumer in a group; see {@link #consumer()}.
  public Map<String, Object> consumer(String groupId) {
    Map<String, Object> properties = consumer();
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
    return properties;
  }

  /// For a producer whose every acknowledged record is on all in-sync replicas, once.
  public Map<String, Object> producer() {
    Map<String, Object> properties = common();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, recordBytes);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(32L << 20, 2L * recordBytes));
    return properties;
  }

  /// For a producer that writes in transactions.
  ///
  /// @param transactionalId the same at every start of an instance, so that a restart ends what its
  ///   predecessor left open
  public Map<String, Object> transactionalProducer(String transactionalId) {
    Map<String, Object> properties = producer();
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    properties.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(TRANSACTION_TIMEOUT.toMillis()));
    return properties;
  }
}

package dev.mekiki.index.lifecycle;

import dev.mekiki.index.rocksdb.SharedRocksDbMemory;
import dev.mekiki.index.topology.IndexTopology;
import dev.mekiki.runtime.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/// How Kafka Streams is run.
///
/// @param applicationId group, state directory and internal topics are named by it
/// @param advertisedAddress host:port at which other instances and query services reach this one
/// @param stateDirectory holds the application's state
/// @param threads stream threads, at least 1
/// @param standbyReplicas copies of each partition beside the active one
/// @param commitInterval how often transactions end
/// @param sessionTimeout after so long an instance counts as dead
/// @param rocksDbCacheBytes memory of all RocksDB stores together
/// @param replication copies of each record on internal topics
public record StreamsSettings(
    String applicationId,
    String advertisedAddress,
    Path stateDirectory,
    int threads,
    int standbyReplicas,
    Duration commitInterval,
    Duration sessionTimeout,
    long rocksDbCacheBytes,
    short replication) {
  private static final int HEARTBEATS_PER_SESSION = 6;

  /// A poll that finds nothing returns after so long. It bounds how late a commit is: an interval
  /// that ends while a poll waits is noticed only then.
  private static final Duration POLL = Duration.ofMillis(20);

  private static final int FETCH_WAIT = 100;

  private static final int RESTORE_POLL_RECORDS = 10_000;

  /// About as much as that many placements.
  private static final int RESTORE_FETCH_BYTES = 4 << 20;

  /// How long a standby on its way to take a partition over may wait for the next look at its lag.
  /// The minimum that Kafka Streams allows.
  private static final Duration PROBING_REBALANCE = Duration.ofMinutes(1);

  /// These settings as Kafka Streams takes them. What Mekiki's guarantees rest on wins over what
  /// passes through to all clients.
  public Properties properties(KafkaClients clients) {
    Properties properties = new Properties();
    properties.putAll(clients.common());
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, advertisedAddress);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
    properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbyReplicas);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitInterval.toMillis());
    properties.put(
        StreamsConfig.POLL_MS_CONFIG, Math.min(POLL.toMillis(), commitInterval.toMillis()));
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) replication);
    properties.put(
        StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, PROBING_REBALANCE.toMillis());
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
    properties.put(
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksDbMemory.class.getName());
    properties.put(SharedRocksDbMemory.CACHE_BYTES, rocksDbCacheBytes);

    int session = Math.toIntExact(sessionTimeout.toMillis());
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), session);
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        session / HEARTBEATS_PER_SESSION);
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // A fetch that waits for data at the broker does not yet ask for partitions added since: by
    // default each step of a restore or takeover waits half a second for it.
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), FETCH_WAIT);
    properties.put(
        StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), FETCH_WAIT);
    // What a poll returns is written to RocksDB as one batch, so restoring wants many at once.
    properties.put(
        StreamsConfig.restoreConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
        RESTORE_POLL_RECORDS);
    properties.put(
        StreamsConfig.restoreConsumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        RESTORE_FETCH_BYTES);
    // A dead instance's open transaction spans every placement partition and blocks all readers.
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), session);
    // The first batch of a transaction may have to wait at the broker for the markers of the last
    // one. Batches behind it in flight are then refused as out of order, an error in the broker's
    // log for each, and sent again: with one in flight there are none.
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        2 * IndexTopology.CHANGELOG_RECORD_BYTES);
    return properties;
  }
}

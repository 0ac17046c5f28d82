package dev.mekiki.query.images;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Sends records within a time. Thread-safe; a call blocks until the broker has acknowledged the
/// record, at most for the timeout.
public final class RecordSender implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Producer<byte[], byte[]> producer;
  private final Duration timeout;

  private RecordSender(Producer<byte[], byte[]> producer, Duration timeout) {
    this.producer = producer;
    this.timeout = timeout;
  }

  /// Opens a producer of its own.
  ///
  /// @param settings the producer's settings, without serializers
  /// @param timeout how long a call may take; at least 1 ms
  public static RecordSender open(Map<String, Object> settings, Duration timeout) {
    Map<String, Object> bounded = new HashMap<>(settings);
    // By default a producer that knows no broker, or whose buffer is full, blocks for a minute
    // before anything is sent.
    bounded.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.max(1, timeout.toMillis()));
    return new RecordSender(
        new KafkaProducer<>(bounded, new ByteArraySerializer(), new ByteArraySerializer()),
        timeout);
  }

  /// Sends a record.
  ///
  /// @return its place in the topic
  /// @throws SendTimeoutException where no broker has acknowledged it in time
  /// @throws CompletionException with Kafka's reason where it cannot be sent
  public RecordMetadata send(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    // Blocks until the topic's partitions are known, which counts as well.
    Future<RecordMetadata> sent = producer.send(record);
    try {
      return sent.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new SendTimeoutException(timeout, e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException timedOut
          ? new SendTimeoutException(timeout, timedOut)
          : new CompletionException(e.getCause());
    }
  }

  /// Waits at most a second for records under way.
  @Override
  public void close() {
    // Past its own limit the producer still waits for a broker that does not answer, up to 30 s.
    Thread closing =
        Thread.ofVirtual().name("record-sender-close").start(() -> producer.close(CLOSE_LIMIT));
    try {
      var _ = closing.join(CLOSE_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.mekiki.query.images;

import dev.mekiki.hashing.match.Origin;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.nio.charset.StandardCharsets;
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
import org.jspecify.annotations.Nullable;

/// Sends images and tombstones to the topic `images`. Thread-safe; a call blocks until the broker
/// has acknowledged the record, at most for the send timeout.
public final class ImageSender implements AutoCloseable {
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.UTF_8);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final String tenantHeader;
  private final Duration timeout;

  private ImageSender(
      Producer<byte[], byte[]> producer, String topic, String tenantHeader, Duration timeout) {
    this.producer = producer;
    this.topic = topic;
    this.tenantHeader = tenantHeader;
    this.timeout = timeout;
  }

  /// Opens a producer of its own.
  ///
  /// @param settings the producer's settings, without serializers
  /// @param topic the topic `images`
  /// @param tenantHeader the header that names whose image a record is
  /// @param timeout how long a call may take; at least 1 ms
  public static ImageSender open(
      Map<String, Object> settings, String topic, String tenantHeader, Duration timeout) {
    Map<String, Object> bounded = new HashMap<>(settings);
    // By default a producer that knows no broker, or whose buffer is full, blocks for a minute
    // before
    // anything is sent.
    bounded.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.max(1, timeout.toMillis()));
    return new ImageSender(
        new KafkaProducer<>(bounded, new ByteArraySerializer(), new ByteArraySerializer()),
        topic,
        tenantHeader,
        timeout);
  }

  /// What is sent beside the image's bytes.
  ///
  /// @param contentType media type, or null where it is not known
  /// @param metadata names and values, kept with the image; none is named as the tenant's header
  /// @param muted index without events where this image is the later one of a pair
  /// @param origin whose image it is, and what it comes from
  public record Headers(
      @Nullable String contentType, Map<String, String> metadata, boolean muted, Origin origin) {
    public Headers {
      metadata = Map.copyOf(metadata);
    }
  }

  /// Sends an image.
  ///
  /// @param image not copied, not to be changed until the call returns
  /// @return its place in the topic
  /// @throws SendTimeoutException where no broker has acknowledged it in time
  /// @throws CompletionException with Kafka's reason where it cannot be sent
  public SourceCoordinate put(ImageId id, byte[] image, Headers headers)
      throws InterruptedException {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, id.toBytes(), image);
    if (headers.contentType() != null) {
      record.headers().add(ImageHeaders.CONTENT_TYPE, utf8(headers.contentType()));
    }
    if (headers.muted()) {
      record.headers().add(ImageHeaders.MUTE, TRUE);
    }
    Origin origin = headers.origin();
    if (!origin.tenant().isEmpty()) {
      record.headers().add(tenantHeader, utf8(origin.tenant()));
    }
    if (!origin.source().isEmpty()) {
      record.headers().add(ImageHeaders.SOURCE, utf8(origin.source()));
    }
    headers.metadata().forEach((name, value) -> record.headers().add(name, utf8(value)));
    return send(record);
  }

  /// Sends a tombstone; see {@link #put}.
  public SourceCoordinate delete(ImageId id) throws InterruptedException {
    return send(new ProducerRecord<>(topic, id.toBytes(), null));
  }

  private SourceCoordinate send(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    // Blocks until the topic's partitions are known, which counts as well.
    Future<RecordMetadata> sent = producer.send(record);
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      RecordMetadata metadata = sent.get(left, TimeUnit.NANOSECONDS);
      return SourceCoordinate.newBuilder()
          .setTopic(metadata.topic())
          .setPartition(metadata.partition())
          .setOffset(metadata.offset())
          .build();
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
        Thread.ofVirtual().name("image-sender-close").start(() -> producer.close(CLOSE_LIMIT));
    try {
      var _ = closing.join(CLOSE_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.mekiki.query.images;

import dev.mekiki.hashing.match.Origin;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Sends images and tombstones to the topic `images`. Thread-safe; a call blocks until the broker
/// has acknowledged the record, at most for the send timeout.
public final class ImageSender implements AutoCloseable {
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.UTF_8);

  private final RecordSender sender;
  private final String topic;
  private final String tenantHeader;

  private ImageSender(RecordSender sender, String topic, String tenantHeader) {
    this.sender = sender;
    this.topic = topic;
    this.tenantHeader = tenantHeader;
  }

  /// Opens a producer of its own.
  ///
  /// @param settings the producer's settings, without serializers
  /// @param topic the topic `images`
  /// @param tenantHeader the header that names whose image a record is
  /// @param timeout how long a call may take; at least 1 ms
  public static ImageSender open(
      Map<String, Object> settings, String topic, String tenantHeader, Duration timeout) {
    return new ImageSender(RecordSender.open(settings, timeout), topic, tenantHeader);
  }

  /// What is sent beside the image's bytes.
  ///
  /// @param contentType media type, or null where it is not known
  /// @param metadata names and values, kept with the image; none is named as the tenant's header
  /// @param muted index without events where this image is the later one of a pair
  /// @param expires from when on it is treated as deleted, milliseconds since 1970; null: never
  /// @param origin whose image it is, and what it comes from
  public record Headers(
      @Nullable String contentType,
      Map<String, String> metadata,
      boolean muted,
      @Nullable Long expires,
      Origin origin) {
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
    if (headers.expires() != null) {
      String expires = Instant.ofEpochMilli(headers.expires()).toString();
      record.headers().add(ImageHeaders.EXPIRES, utf8(expires));
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
    RecordMetadata metadata = sender.send(record);
    return SourceCoordinate.newBuilder()
        .setTopic(metadata.topic())
        .setPartition(metadata.partition())
        .setOffset(metadata.offset())
        .build();
  }

  /// Waits at most a second for records under way.
  @Override
  public void close() {
    sender.close();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.mekiki.query.images;

import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Sends images and tombstones to the topic `images`. Thread-safe.
public final class ImageSender {
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.UTF_8);

  private final Producer<byte[], byte[]> producer;
  private final String topic;

  /// @param producer stays the caller's to close
  /// @param topic the topic `images`
  public ImageSender(Producer<byte[], byte[]> producer, String topic) {
    this.producer = producer;
    this.topic = topic;
  }

  /// What travels beside the image's bytes.
  ///
  /// @param contentType media type as the sender says it, or null
  /// @param metadata names and values, kept with the image
  /// @param muted index without events when this image is the later one of a pair
  public record Headers(@Nullable String contentType, Map<String, String> metadata, boolean muted) {
    public Headers {
      metadata = Map.copyOf(metadata);
    }
  }

  /// Sends an image.
  ///
  /// @return where it stands once the broker has acknowledged it
  public CompletableFuture<SourceCoordinate> put(ImageId id, byte[] image, Headers headers) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, id.toBytes(), image);
    if (headers.contentType() != null) {
      record.headers().add(ImageHeaders.CONTENT_TYPE, utf8(headers.contentType()));
    }
    if (headers.muted()) {
      record.headers().add(ImageHeaders.MUTE, TRUE);
    }
    headers.metadata().forEach((name, value) -> record.headers().add(name, utf8(value)));
    return send(record);
  }

  /// Sends a tombstone.
  ///
  /// @return where it stands once the broker has acknowledged it
  public CompletableFuture<SourceCoordinate> delete(ImageId id) {
    return send(new ProducerRecord<>(topic, id.toBytes(), null));
  }

  private CompletableFuture<SourceCoordinate> send(ProducerRecord<byte[], byte[]> record) {
    CompletableFuture<SourceCoordinate> sent = new CompletableFuture<>();
    var _ =
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure == null) {
                sent.complete(
                    SourceCoordinate.newBuilder()
                        .setTopic(metadata.topic())
                        .setPartition(metadata.partition())
                        .setOffset(metadata.offset())
                        .build());
              } else {
                sent.completeExceptionally(failure);
              }
            });
    return sent;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.mekiki.encoder.verify;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.mekiki.runtime.kafka.RecordReader;
import dev.mekiki.runtime.kafka.RecordReader.Read;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.Thumbnails;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ThumbnailCoordinate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads the thumbnails of images. Thread-safe; a call blocks, at most for the limit.
final class PictureReader implements AutoCloseable {
  private final Topics topics;
  private final Duration limit;
  private final RecordReader records;

  /// @param consumer properties of a consumer that is in no group
  /// @param readers most reads at once
  PictureReader(Map<String, Object> consumer, Topics topics, int readers, Duration limit) {
    this.topics = topics;
    this.limit = limit;
    this.records = new RecordReader(consumer, readers);
  }

  /// The JPEG that was written with a revision of an image; null where it is gone: a newer revision
  /// has taken its place.
  ///
  /// @throws TimeoutException where Kafka does not say in time
  @Nullable ByteString read(String id, String network, ThumbnailCoordinate at)
      throws InterruptedException {
    TopicPartition partition = new TopicPartition(topics.thumbnails(network), at.getPartition());
    return switch (records.read(partition, at.getOffset(), limit)) {
      case Read.Found(ConsumerRecord<byte[], byte[]> record) -> {
        byte[] value = record.value();
        ByteString jpeg = value == null ? null : UnsafeByteOperations.unsafeWrap(value);
        boolean isIt =
            jpeg != null
                && Arrays.equals(record.key(), new ImageId(id).toBytes())
                && Thumbnails.matches(at, jpeg);
        yield isIt ? jpeg : null;
      }
      case Read.Nothing() -> null;
      case Read.NoAnswer(String reason) ->
          throw new TimeoutException(
              "thumbnail at %s@%d: %s".formatted(partition, at.getOffset(), reason));
    };
  }

  @Override
  public void close() {
    records.close();
  }
}

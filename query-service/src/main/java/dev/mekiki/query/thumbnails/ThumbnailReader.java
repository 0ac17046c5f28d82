package dev.mekiki.query.thumbnails;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.mekiki.runtime.kafka.RecordReader;
import dev.mekiki.runtime.kafka.RecordReader.Read;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.Thumbnails;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ThumbnailCoordinate;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The thumbnails of images. Each is stored once, in Kafka, and read by the coordinate in its
/// image's code.
///
/// A record is served only if its key is the image's id and its checksum is the one in the code. So
/// a thumbnail is either the one that was written with the code or none, also where the topic was
/// compacted, or was deleted and created again.
///
/// Thread-safe; a call blocks, at most for the limit.
public final class ThumbnailReader implements AutoCloseable {
  /// A read takes milliseconds, so a few at once serve a page full of pictures.
  private static final int CONSUMERS = 4;

  private static final long CACHE_BYTES = 16 << 20;

  private final Topics topics;
  private final Duration limit;
  private final RecordReader records;
  private final ThumbnailCache cache = new ThumbnailCache(CACHE_BYTES);
  private final Timer cached;
  private final Timer read;
  private final Timer gone;
  private final Timer unavailable;

  /// @param consumer properties of a consumer that is in no group
  /// @param limit of the time that a call takes
  public ThumbnailReader(
      Map<String, Object> consumer, Topics topics, Duration limit, MeterRegistry meters) {
    this.topics = topics;
    this.limit = limit;
    this.records = new RecordReader(consumer, CONSUMERS);
    this.cached = timer(meters, "cached");
    this.read = timer(meters, "read");
    this.gone = timer(meters, "gone");
    this.unavailable = timer(meters, "unavailable");
    Gauge.builder("mekiki.query.thumbnail.cache.bytes", cache, ThumbnailCache::bytes)
        .description("Bytes of thumbnails held in memory")
        .baseUnit("bytes")
        .register(meters);
  }

  private static Timer timer(MeterRegistry meters, String outcome) {
    return Timer.builder("mekiki.query.thumbnails")
        .description("Thumbnails asked for, by where they came from or why there was none")
        .tag("outcome", outcome)
        .register(meters);
  }

  /// The thumbnail of an image.
  ///
  /// @param network content hash of the network that made the code
  /// @param code of the image
  /// @throws InterruptedException where the calling thread is interrupted
  public Thumbnail find(ImageId id, String network, ImageCode code) throws InterruptedException {
    // An index instance of an earlier version still sends what old codes hold.
    if (!code.getThumbnail().isEmpty()) {
      return new Thumbnail.Found(code.getThumbnail());
    }
    if (!code.hasThumbnailAt()) {
      return new Thumbnail.None();
    }
    ThumbnailCoordinate at = code.getThumbnailAt();
    String topic = at.getInCode() ? topics.imageCodes(network) : topics.thumbnails(network);
    ThumbnailCache.Key key = new ThumbnailCache.Key(id.value(), topic, at);
    long start = System.nanoTime();
    ByteString known = cache.get(key);
    if (known != null) {
      cached.record(elapsed(start));
      return new Thumbnail.Found(known);
    }
    Thumbnail thumbnail = read(id, topic, at);
    switch (thumbnail) {
      case Thumbnail.Found(ByteString jpeg) -> {
        cache.put(key, jpeg);
        read.record(elapsed(start));
      }
      case Thumbnail.Gone() -> gone.record(elapsed(start));
      case Thumbnail.Unavailable _ -> unavailable.record(elapsed(start));
      case Thumbnail.None() -> throw new IllegalStateException("a coordinate names a thumbnail");
    }
    return thumbnail;
  }

  private static Duration elapsed(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Thumbnail read(ImageId id, String topic, ThumbnailCoordinate at)
      throws InterruptedException {
    TopicPartition partition = new TopicPartition(topic, at.getPartition());
    return switch (records.read(partition, at.getOffset(), limit)) {
      case Read.Found(ConsumerRecord<byte[], byte[]> record) -> {
        ByteString jpeg = jpeg(record, at.getInCode());
        yield jpeg != null
                && Arrays.equals(record.key(), id.toBytes())
                && Thumbnails.matches(at, jpeg)
            ? new Thumbnail.Found(jpeg)
            : new Thumbnail.Gone();
      }
      case Read.Nothing() -> new Thumbnail.Gone();
      case Read.NoAnswer(String reason) -> new Thumbnail.Unavailable(reason);
    };
  }

  private static @Nullable ByteString jpeg(ConsumerRecord<byte[], byte[]> record, boolean inCode) {
    byte[] value = record.value();
    if (value == null) {
      return null;
    }
    if (!inCode) {
      return UnsafeByteOperations.unsafeWrap(value);
    }
    try {
      // Copied out, so that the cache does not hold the code as well.
      return ByteString.copyFrom(ImageCode.parseFrom(value).getThumbnail().asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      // Another topic's record: the one that was named is gone.
      return null;
    }
  }

  /// Ends reads under way.
  @Override
  public void close() {
    records.close();
  }
}

package dev.mekiki.runtime.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.ImageId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/// The dead letters whose original records stood in one partition of `images`, and what stands
/// there behind them.
final class NewerInPartition {
  private static final long NONE = -1;

  private final TopicPartition partition;
  private final long begin;
  private final long end;
  private final Map<ByteBuffer, List<Sought>> byKey = new HashMap<>();
  private long from;

  /// @param begin the oldest offset of the partition
  /// @param end the offset behind its newest record
  NewerInPartition(TopicPartition partition, long begin, long end) {
    this.partition = partition;
    this.begin = begin;
    this.end = end;
    this.from = end;
  }

  /// One dead letter.
  private static final class Sought {
    private final DeadLetterPosition position;
    private final long offset;
    private final byte[] retryOf;
    private boolean inPlace;
    private long before = NONE;
    private long behind = NONE;

    Sought(DeadLetterPosition position, long offset, byte[] retryOf) {
      this.position = position;
      this.offset = offset;
      this.retryOf = retryOf;
    }

    void see(ConsumerRecord<byte[], byte[]> record) {
      Header retry = record.headers().lastHeader(ImageHeaders.RETRY_OF);
      if (record.offset() == offset) {
        inPlace = true;
      } else if (retry == null || !Arrays.equals(retry.value(), retryOf)) {
        if (record.offset() > offset) {
          behind = record.offset();
        } else {
          before = record.offset();
        }
      }
    }
  }

  /// @param name of the dead letter, as its retry names it
  void add(DeadLetterRecord letter, String name) {
    long offset = letter.original().orElseThrow().getOffset();
    from = Math.max(begin, Math.min(from, offset));
    byKey
        .computeIfAbsent(
            ByteBuffer.wrap(letter.id().map(ImageId::toBytes).orElseThrow()),
            _ -> new ArrayList<>())
        .add(new Sought(letter.position(), offset, name.getBytes(UTF_8)));
  }

  /// How many offsets are read, in general.
  long offsets() {
    return end - from;
  }

  /// Reads what stands behind the original records.
  ///
  /// @param progress hears how many offsets have been read
  void read(RangeReader reader, LongConsumer progress) {
    reader.read(
        partition,
        from,
        end,
        record -> {
          progress.accept(record.offset() - from);
          return see(record);
        });
    if (all().stream().anyMatch(this::isDisplaced)) {
      reader.read(partition, begin, from, this::see);
    }
  }

  /// For each dead letter with a newer record the offset of one.
  Map<DeadLetterPosition, Long> newer() {
    Map<DeadLetterPosition, Long> newer = new HashMap<>();
    for (Sought sought : all()) {
      if (sought.behind != NONE) {
        newer.put(sought.position, sought.behind);
      } else if (isDisplaced(sought) && sought.before != NONE) {
        newer.put(sought.position, sought.before);
      }
    }
    return newer;
  }

  private boolean see(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() != null) {
      byKey
          .getOrDefault(ByteBuffer.wrap(record.key()), List.of())
          .forEach(sought -> sought.see(record));
    }
    return true;
  }

  /// Whether the original record is not where it stood, although Kafka has not deleted what is so
  /// old: then the topic was made anew, and all that it holds is newer.
  private boolean isDisplaced(Sought sought) {
    return !sought.inPlace && sought.offset >= begin;
  }

  private List<Sought> all() {
    return byKey.values().stream().flatMap(Collection::stream).toList();
  }
}

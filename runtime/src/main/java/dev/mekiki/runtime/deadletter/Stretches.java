package dev.mekiki.runtime.deadletter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// What is to be read of each partition of `images.dlq`, fixed when reading begins, and how much of
/// it has been read.
final class Stretches {
  private final RangeReader reader;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> begins;
  private final Map<TopicPartition, Long> ends;
  private final ScanProgress progress;
  private final long total;
  private long done;

  /// Where the records lie that a filter may include.
  Stretches(
      RangeReader reader,
      List<TopicPartition> partitions,
      DeadLetterFilter filter,
      ScanProgress progress) {
    this.reader = reader;
    this.partitions = partitions;
    this.progress = progress;
    this.ends = reader.ends(partitions);
    this.begins = new HashMap<>(reader.begins(partitions));
    filter
        .since()
        .ifPresent(since ->
            reader
                .at(since, partitions, ends)
                .forEach((partition, at) -> begins.merge(partition, at, Math::max)));
    this.total =
        partitions.stream()
            .mapToLong(partition -> Math.max(0, end(partition) - begin(partition)))
            .sum();
  }

  List<TopicPartition> partitions() {
    return partitions;
  }

  /// The first offset to be read.
  long begin(TopicPartition partition) {
    return begins.getOrDefault(partition, 0L);
  }

  /// The offset behind the last to be read.
  long end(TopicPartition partition) {
    return ends.getOrDefault(partition, 0L);
  }

  /// Reads part of a partition.
  ///
  /// @param visitor takes each dead letter, and says whether it wants another
  void read(TopicPartition partition, long from, long to, Predicate<DeadLetterRecord> visitor) {
    long before = done;
    reader.read(
        partition,
        from,
        to,
        new RangeReader.Visitor() {
          @Override
          public boolean record(ConsumerRecord<byte[], byte[]> record) {
            return visit(record.offset(), DeadLetterRecord.of(record));
          }

          @Override
          public boolean unreadable(TopicPartition at, long offset, String why) {
            return visit(
                offset,
                DeadLetterRecord.unreadable(new DeadLetterPosition(at.partition(), offset), why));
          }

          private boolean visit(long offset, DeadLetterRecord letter) {
            progress.progress(before + offset - from, total);
            return visitor.test(letter);
          }
        });
    done = before + Math.max(0, to - from);
    progress.progress(done, total);
  }
}

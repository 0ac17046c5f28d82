package dev.mekiki.runtime.deadletter;

import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.topic.Topics;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/// Finds dead letters whose images have a newer record on `images`, which a retry would replace: a
/// newer picture, or a delete. The partitions concerned are read from the oldest of the original
/// records on. Earlier retries of the same dead letter do not count.
final class NewerRecords {
  private final RangeReader reader;
  private final Topics topics;

  /// @param reader of keys
  NewerRecords(RangeReader reader, Topics topics) {
    this.reader = reader;
    this.topics = topics;
  }

  /// The offsets of newer records.
  ///
  /// @param letters with an image id and the coordinate of their original record on `images`
  /// @return for each dead letter with a newer record the offset of one
  /// @throws StartException where there is no topic of images
  Map<DeadLetterPosition, Long> find(Collection<DeadLetterRecord> letters, ScanProgress progress) {
    List<TopicPartition> partitions = reader.partitions(topics.images());
    if (partitions.isEmpty()) {
      throw new StartException(
          "%s: no such topic (expected: one that an encoder makes when it starts)"
              .formatted(topics.images()));
    }
    Map<TopicPartition, Long> begins = reader.begins(partitions);
    Map<TopicPartition, Long> ends = reader.ends(partitions);
    Map<TopicPartition, NewerInPartition> parts = new TreeMap<>(RangeReader.BY_NUMBER);
    for (DeadLetterRecord letter : letters) {
      parts
          .computeIfAbsent(
              partition(letter, partitions),
              partition ->
                  new NewerInPartition(
                      partition,
                      begins.getOrDefault(partition, 0L),
                      ends.getOrDefault(partition, 0L)))
          .add(letter, letter.position().inTopic(topics.imagesDlq()));
    }
    long total = parts.values().stream().mapToLong(NewerInPartition::offsets).sum();
    long done = 0;
    Map<DeadLetterPosition, Long> newer = new HashMap<>();
    for (NewerInPartition part : parts.values()) {
      long before = done;
      part.read(reader, offsets -> progress.progress(Math.min(total, before + offsets), total));
      newer.putAll(part.newer());
      done += part.offsets();
      progress.progress(done, total);
    }
    return newer;
  }

  /// Where the original record stood; where any record of this id goes now, if the topic was made
  /// anew with fewer partitions.
  private TopicPartition partition(DeadLetterRecord letter, List<TopicPartition> partitions) {
    int number = letter.original().orElseThrow().getPartition();
    byte[] id = letter.id().map(ImageId::toBytes).orElseThrow();
    return new TopicPartition(
        topics.images(),
        number < partitions.size() ? number : ImageId.partition(id, partitions.size()));
  }
}

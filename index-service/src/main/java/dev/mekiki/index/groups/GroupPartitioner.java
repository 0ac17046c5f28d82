package dev.mekiki.index.groups;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/// Writes the record of a group to the partition of the content that represents it, whose task
/// alone writes and reads it. Stateless.
public final class GroupPartitioner implements StreamPartitioner<String, byte[]> {
  @Override
  public Optional<Set<Integer>> partitions(
      String topic, String key, byte @Nullable [] value, int numPartitions) {
    return Optional.of(Set.of(GroupRecords.content(key).partition(numPartitions)));
  }
}

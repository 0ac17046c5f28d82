package dev.mekiki.index.topology;

import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/// Sends a record to the partition that its value names: a partitioner sees the value but no
/// headers. Stateless.
///
/// @param partitions the generation's number of partitions
/// @param named the partition that a value names, 0 to `partitions` - 1
record NamedPartition<V>(int partitions, ToIntFunction<V> named)
    implements StreamPartitioner<String, V> {
  /// @throws IllegalStateException where the topic has another number of partitions than the
  ///   generation: its buckets would lie where nobody looks for them
  @Override
  public Optional<Set<Integer>> partitions(
      String topic, @Nullable String key, V value, int numPartitions) {
    if (numPartitions != partitions) {
      throw new IllegalStateException(
          "topic %s: %d partitions (expected: %d, as its generation was made with)"
              .formatted(topic, numPartitions, partitions));
    }
    return Optional.of(Set.of(named.applyAsInt(value)));
  }
}

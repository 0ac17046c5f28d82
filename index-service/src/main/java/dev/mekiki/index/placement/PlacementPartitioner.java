package dev.mekiki.index.placement;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;

/// Sends a routed placement to the partition it names. Stateless.
public final class PlacementPartitioner implements StreamPartitioner<String, RoutedPlacement> {
  private final int partitions;

  /// @param partitions the generation's number of partitions
  public PlacementPartitioner(int partitions) {
    this.partitions = partitions;
  }

  /// @throws IllegalStateException where the topic has another number of partitions than the
  ///   generation: its buckets would lie where nobody looks for them
  @Override
  public Optional<Set<Integer>> partitions(
      String topic, String imageId, RoutedPlacement routed, int numPartitions) {
    if (numPartitions != partitions) {
      throw new IllegalStateException(
          "topic %s: %d partitions (expected: %d, as its generation was made with)"
              .formatted(topic, numPartitions, partitions));
    }
    return Optional.of(Set.of(routed.partition()));
  }
}

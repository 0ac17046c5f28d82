package dev.mekiki.index.placement;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One placement on its way to a set of partitions.
///
/// A partitioner sees the value but no headers, so the value carries the partitions; the serializer
/// writes the payload alone. The payload is serialized once: Kafka Streams calls the serializer for
/// each partition.
///
/// @param payload a serialized {@link dev.mekiki.schemas.v1.Placement}, not copied; null removes
///   the image from the partitions
/// @param partitions at least one: Kafka Streams drops a record for no partition, with a warning
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record RoutedPlacement(byte @Nullable [] payload, Set<Integer> partitions) {
  public RoutedPlacement {
    partitions = Set.copyOf(partitions);
    if (partitions.isEmpty()) {
      throw new IllegalArgumentException("partitions: none (expected: at least 1)");
    }
  }

  /// The removal of an image from partitions.
  static RoutedPlacement removal(Set<Integer> partitions) {
    return new RoutedPlacement(null, partitions);
  }
}

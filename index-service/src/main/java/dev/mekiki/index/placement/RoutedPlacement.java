package dev.mekiki.index.placement;

import dev.mekiki.schemas.v1.Placement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One placement on its way to a set of partitions.
///
/// A partitioner sees the value but no headers, so the value says where it goes; the serializer
/// writes the payload alone.
///
/// @param placement the payload; null removes the image from the partitions
/// @param partitions at least one: Kafka Streams drops a record for no partition, with a warning
public record RoutedPlacement(@Nullable Placement placement, Set<Integer> partitions) {
  public RoutedPlacement {
    partitions = Set.copyOf(partitions);
    if (partitions.isEmpty()) {
      throw new IllegalArgumentException("partitions: none (expected: at least 1)");
    }
  }
}

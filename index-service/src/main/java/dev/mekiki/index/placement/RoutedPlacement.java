package dev.mekiki.index.placement;

import org.jspecify.annotations.Nullable;

/// One placement on its way to a partition. A partitioner sees the value but no headers, so the
/// value carries the partition; the serializer writes the payload alone.
///
/// @param payload a serialized {@link dev.mekiki.schemas.v1.Placement}, not copied; null removes
///   the image from the partition
/// @param partition the image's home, or the one it has left
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record RoutedPlacement(byte @Nullable [] payload, int partition) {
  /// The removal of an image from a partition.
  static RoutedPlacement removal(int partition) {
    return new RoutedPlacement(null, partition);
  }
}

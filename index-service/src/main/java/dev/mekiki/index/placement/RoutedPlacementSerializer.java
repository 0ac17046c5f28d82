package dev.mekiki.index.placement;

import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Writes a routed placement's payload; null, which deletes, where there is none.
public final class RoutedPlacementSerializer implements Serializer<RoutedPlacement> {
  @Override
  public byte @Nullable [] serialize(String topic, RoutedPlacement routed) {
    return routed.payload();
  }
}

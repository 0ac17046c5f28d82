package dev.mekiki.index.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.index.placement.RoutedPlacement;
import dev.mekiki.index.placement.RoutedPlacementSerializer;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamedPartitionTest {
  private static final RoutedPlacement TOMBSTONE = new RoutedPlacement(null, 7);

  private final NamedPartition<RoutedPlacement> partitioner =
      new NamedPartition<>(8, RoutedPlacement::partition);
  private final RoutedPlacementSerializer serializer = new RoutedPlacementSerializer();

  @Test
  void placementGoesToThePartitionItNames() {
    byte[] payload = {1, 2, 3};
    RoutedPlacement routed = new RoutedPlacement(payload, 5);

    assertThat(partitioner.partitions("t", "a", routed, 8)).contains(Set.of(5));
    assertThat(serializer.serialize("t", routed)).isSameAs(payload);
  }

  @Test
  void tombstoneGoesToThePartitionItNames() {
    assertThat(partitioner.partitions("t", "a", TOMBSTONE, 8)).contains(Set.of(7));
    assertThat(serializer.serialize("t", TOMBSTONE)).isNull();
  }

  @Test
  void topicOfAnotherPartitionCountIsRefused() {
    assertThatThrownBy(() -> partitioner.partitions("placements", "a", TOMBSTONE, 16))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "topic placements: 16 partitions (expected: 8, as its generation was made with)");
  }
}

package dev.mekiki.index.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementPartitionerTest {
  private final PlacementPartitioner partitioner = new PlacementPartitioner(8);
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
    RoutedPlacement routed = RoutedPlacement.removal(7);

    assertThat(partitioner.partitions("t", "a", routed, 8)).contains(Set.of(7));
    assertThat(serializer.serialize("t", routed)).isNull();
  }

  @Test
  void topicOfAnotherPartitionCountIsRefused() {
    RoutedPlacement routed = RoutedPlacement.removal(7);

    assertThatThrownBy(() -> partitioner.partitions("placements", "a", routed, 16))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "topic placements: 16 partitions (expected: 8, as its generation was made with)");
  }
}

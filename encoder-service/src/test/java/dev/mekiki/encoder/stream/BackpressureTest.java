package dev.mekiki.encoder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoder.stream.InFlight.Load;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class BackpressureTest {
  private final Backpressure backpressure = new Backpressure(10, 1000);

  @Test
  void pausesAtTheLimitOfRecordsUntilHalfOfIt() {
    assertThat(backpressure.isPaused(9, 0)).isFalse();
    assertThat(backpressure.isPaused(10, 0)).isTrue();
    assertThat(backpressure.isPaused(6, 0)).isTrue();
    assertThat(backpressure.isPaused(5, 0)).isFalse();
  }

  @Test
  void pausesAtTheLimitOfBytesUntilHalfOfIt() {
    assertThat(backpressure.isPaused(1, 1000)).isTrue();
    assertThat(backpressure.isPaused(1, 501)).isTrue();
    assertThat(backpressure.isPaused(1, 500)).isFalse();
  }

  @Test
  void partitionsThatWaitForReferencesHaveHalfOfTheLimitTogether() {
    Backpressure large = new Backpressure(400, 4000);
    Map<TopicPartition, Load> loads = new HashMap<>();
    // 4 partitions are assigned: 50 records and 500 bytes for each.
    loads.put(partition(0), new Load(49, 499));
    loads.put(partition(1), new Load(50, 0));
    loads.put(partition(2), new Load(1, 500));
    assertThat(large.held(loads, 4)).containsExactlyInAnyOrder(partition(1), partition(2));

    loads.replaceAll((_, _) -> new Load(25, 249));
    assertThat(large.held(loads, 4)).containsExactlyInAnyOrder(partition(1), partition(2));
    loads.replaceAll((_, _) -> new Load(24, 249));
    assertThat(large.held(loads, 4)).isEmpty();
    assertThat(large.held(Map.of(partition(0), new Load(4, 1)), 1000))
        .containsExactly(partition(0));
    assertThat(large.held(Map.of(), 4)).isEmpty();
  }

  private static TopicPartition partition(int number) {
    return new TopicPartition("images", number);
  }

  @Test
  void drainPausesUntilNothingIsInFlight() {
    backpressure.drain();
    assertThat(backpressure.isPaused(2, 2)).isTrue();
    assertThat(backpressure.isPaused(1, 1)).isTrue();
    assertThat(backpressure.isPaused(0, 0)).isFalse();
    assertThat(backpressure.isPaused(1, 1)).isFalse();
  }
}

package dev.mekiki.query.rematch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.query.rematch.EventIds.FullException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventIdsTest {
  @Test
  void knowsWhatWasAddedAndNothingElse() throws Exception {
    EventIds ids = new EventIds(1 << 24);
    Set<String> expected = new HashSet<>();
    Random random = new Random(1);
    for (int i = 0; i < 50_000; i++) {
      // Many share their lowest bits, and some are added again.
      String id = "%016x%016x".formatted((long) random.nextInt(40_000) << 20, 1L);
      assertThat(ids.add(id)).isEqualTo(expected.add(id));
    }
    assertThat(ids.size()).isEqualTo(expected.size());
    assertThat(expected).allMatch(ids::contains);
    assertThat(ids.contains("%016x".formatted(1L))).isFalse();
  }

  @Test
  void anIdOfZerosIsAnId() throws Exception {
    EventIds ids = new EventIds(1 << 20);
    String zeros = "0".repeat(32);
    assertThat(ids.contains(zeros)).isFalse();
    assertThat(ids.add(zeros)).isTrue();
    assertThat(ids.add(zeros)).isFalse();
    assertThat(ids.contains(zeros)).isTrue();
    assertThat(ids.size()).isEqualTo(1);
  }

  @Test
  void whatIsNoIdIsRefused() {
    EventIds ids = new EventIds(1 << 20);
    assertThatThrownBy(() -> ids.add("abc")).hasMessageContaining("event id: 3 characters");
    assertThatThrownBy(() -> ids.add("no hexadecimal digits"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void moreThanTheHeapHasRoomForAreRefused() {
    EventIds ids = new EventIds(100_000);
    assertThatThrownBy(
            () -> {
              for (long i = 1; i < 100_000; i++) {
                var _ = ids.add("%016x".formatted(i));
              }
            })
        .isInstanceOf(FullException.class)
        .hasMessageContaining("-Xmx");
    assertThat(ids.size()).isGreaterThan(1000);
  }
}

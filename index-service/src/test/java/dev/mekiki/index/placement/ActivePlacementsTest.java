package dev.mekiki.index.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.index.placement.ActivePlacements.Answer;
import dev.mekiki.schemas.v1.PlacedImage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ActivePlacementsTest {
  private static final PlacedImage IMAGE = PlacedImage.newBuilder().setCenter(3).build();

  private final AtomicLong now = new AtomicLong();
  private final ActivePlacements active = new ActivePlacements(Duration.ofSeconds(3), now::get);
  private final Store store = new Store();

  @Test
  void activeStoreDecides() {
    var _ = active.publish(1, store::get);
    store.images.put("a", IMAGE);

    assertThat(active.find(1, "a")).isEqualTo(new Answer.Indexed(IMAGE));
    assertThat(active.find(1, "b")).isEqualTo(new Answer.NotIndexed());
    assertThat(active.find(2, "a")).isEqualTo(new Answer.NotActive());
  }

  @Test
  void withdrawnOrClosedStoreDecidesNothing() {
    Runnable earlier = active.publish(1, new Store()::get);
    Runnable withdrawal = active.publish(1, store::get);
    store.closed = true;
    assertThat(active.find(1, "a")).isEqualTo(new Answer.NotActive());
    store.closed = false;
    earlier.run();
    assertThat(active.find(1, "a")).isEqualTo(new Answer.NotIndexed());
    withdrawal.run();
    assertThat(active.find(1, "a")).isEqualTo(new Answer.NotActive());
  }

  @Test
  void storeWithdrawnDuringTheReadDecidesNothing() {
    store.onRead = active.publish(1, store::get);
    assertThat(active.find(1, "a")).isEqualTo(new Answer.Uncertain());
  }

  @Test
  void frozenInstanceIsNotTrustedUntilItHasRunForALease() {
    var _ = active.publish(1, store::get);
    store.images.put("a", IMAGE);
    pass(Duration.ofSeconds(11));
    assertThat(active.find(1, "b")).isEqualTo(new Answer.Uncertain());
    assertThat(active.find(1, "a")).isEqualTo(new Answer.Indexed(IMAGE));

    // The thread runs again, but may not know yet that the partition has gone to another instance.
    active.renew(1);
    assertThat(active.find(1, "b")).isEqualTo(new Answer.Uncertain());

    for (int second = 0; second < 3; second++) {
      pass(Duration.ofSeconds(1));
      active.renew(1);
    }
    assertThat(active.find(1, "b")).isEqualTo(new Answer.NotIndexed());
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  /// A store in memory.
  private static final class Store {
    final Map<String, PlacedImage> images = new HashMap<>();
    boolean closed;
    Runnable onRead = () -> {};

    @Nullable PlacedImage get(String id) {
      if (closed) {
        throw new InvalidStateStoreException("closed");
      }
      onRead.run();
      return images.get(id);
    }
  }
}

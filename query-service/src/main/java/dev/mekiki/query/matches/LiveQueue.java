package dev.mekiki.query.matches;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The matches that the shared reader has found and one subscriber has not taken yet. Once it is
/// full it takes no more: the subscription has fallen behind and must catch up by itself.
///
/// {@link #offer} is called by the shared reader, the rest by the subscription.
final class LiveQueue {
  static final int CAPACITY = 1024;

  private final BlockingQueue<MatchEvent> events = new LinkedBlockingQueue<>(CAPACITY);
  private volatile boolean overrun;

  /// Adds events in order, up to the first that does not fit.
  void offer(List<MatchEvent> found) {
    for (MatchEvent event : found) {
      if (overrun || !events.offer(event)) {
        overrun = true;
        return;
      }
    }
  }

  /// The next event, waited for; null where none comes in time.
  @Nullable MatchEvent poll(long millis) throws InterruptedException {
    return events.poll(millis, TimeUnit.MILLISECONDS);
  }

  /// True once an event did not fit. Those before it can still be polled.
  boolean isOverrun() {
    return overrun;
  }
}

package dev.mekiki.query.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The moment by which a search must have answered.
///
/// @param nanoTime in terms of {@link System#nanoTime}
public record Deadline(long nanoTime) {
  public static Deadline after(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /// Milliseconds left, 0 where it has passed.
  public long leftMillis() {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime()));
  }

  public boolean hasPassed() {
    return leftMillis() == 0;
  }
}

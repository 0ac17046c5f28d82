package dev.mekiki.index;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until it is moved. Not thread-safe.
public final class MovableClock implements InstantSource {
  private Instant now;

  public MovableClock(long millis) {
    now = Instant.ofEpochMilli(millis);
  }

  @Override
  public Instant instant() {
    return now;
  }

  public void move(Duration by) {
    now = now.plus(by);
  }

  public void moveTo(long millis) {
    now = Instant.ofEpochMilli(millis);
  }
}

package dev.mekiki.encoder.reference;

import java.time.Duration;

/// One attempt to fetch: what it may take.
///
/// @param number from 1
/// @param deadline of {@link System#nanoTime}
/// @param limit the time that it had at its beginning
/// @param share what it may hold of the memory for images under way
record Attempt(int number, long deadline, Duration limit, Capacity.Share share) {
  /// One that begins now.
  static Attempt starting(int number, Duration limit, Capacity.Share share) {
    return new Attempt(number, System.nanoTime() + limit.toNanos(), limit, share);
  }

  /// The time that is left, at least a millisecond, which clients do not take for no limit.
  Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }

  /// The time is over.
  ReferenceException timedOut(Throwable cause) {
    return ReferenceException.passing(
        "not fetched within %d ms (expected: less, or a longer mekiki.encoder.references.timeout)"
            .formatted(limit.toMillis()),
        cause);
  }
}

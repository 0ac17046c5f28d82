package dev.mekiki.encoder.stream;

import org.apache.kafka.clients.consumer.Consumer;

/// Decides when partitions are paused: from a limit of records or bytes in flight until half of it,
/// or, after {@link #drain}, until nothing is in flight. Owned by the stream's thread.
final class Backpressure {
  private final int maxRecords;
  private final long maxBytes;
  private boolean paused;
  private boolean draining;

  Backpressure(int maxRecords, long maxBytes) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  /// Pauses all partitions of a consumer while too much is in flight, and resumes them after that.
  void apply(Consumer<?, ?> consumer, int records, long bytes) {
    boolean wasPaused = paused;
    if (isPaused(records, bytes)) {
      // Again at each turn: partitions that came with a rebalance are not paused yet.
      consumer.pause(consumer.assignment());
    } else if (wasPaused) {
      consumer.resume(consumer.assignment());
    }
  }

  /// Whether partitions are to be paused now.
  boolean isPaused(int records, long bytes) {
    draining &= records > 0;
    if (draining || records >= maxRecords || bytes >= maxBytes) {
      paused = true;
    } else if (records <= maxRecords / 2 && bytes <= maxBytes / 2) {
      paused = false;
    }
    return paused;
  }

  /// Pauses until nothing is in flight.
  void drain() {
    draining = true;
  }
}

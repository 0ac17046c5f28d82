package dev.mekiki.encoder.stream;

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

package dev.mekiki.index.streamsinternals;

import org.jspecify.annotations.Nullable;

/// Distinguishes the first opening of a store from the one that counts. `KafkaStreams.start` opens
/// each store found on disk once on the calling thread, to read its offsets, and closes it again
/// before the tasks open theirs. Thread-safe.
public final class StartupCheck {
  private volatile @Nullable Thread starting;

  /// Runs {@link org.apache.kafka.streams.KafkaStreams#start}.
  public void whileStarting(Runnable start) {
    starting = Thread.currentThread();
    try {
      start.run();
    } finally {
      starting = null;
    }
  }

  /// True where the calling thread opens a store only to read its offsets.
  public boolean isRunning() {
    return Thread.currentThread() == starting;
  }
}

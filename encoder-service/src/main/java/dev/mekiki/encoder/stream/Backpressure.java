package dev.mekiki.encoder.stream;

import dev.mekiki.encoder.stream.InFlight.Load;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Decides when partitions are paused: all of them from a limit of records or bytes in flight until
/// half of it, or, after {@link #drain}, until nothing is in flight. Owned by the stream's thread.
///
/// A partition that waits for a reference is paused earlier, at its share of half the limit. So
/// partitions whose references take long together leave the other half to those that have none, and
/// a slow server delays nobody else's images.
final class Backpressure {
  /// Least share of a partition, of however many.
  private static final int MIN_SHARE = 4;

  private final int maxRecords;
  private final long maxBytes;
  private Set<TopicPartition> held = Set.of();
  private boolean paused;
  private boolean draining;

  Backpressure(int maxRecords, long maxBytes) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  /// Pauses partitions of a consumer while too much is in flight, and resumes them after that.
  void apply(Consumer<?, ?> consumer, InFlight inFlight) {
    // Again at each turn: partitions that came with a rebalance are not paused yet.
    Set<TopicPartition> assignment = consumer.assignment();
    Set<TopicPartition> stopped =
        isPaused(inFlight.records(), inFlight.bytes())
            ? assignment
            : held(inFlight.withReferences(), assignment.size());
    Set<TopicPartition> resumed = new HashSet<>(consumer.paused());
    resumed.removeAll(stopped);
    if (!resumed.isEmpty()) {
      consumer.resume(resumed);
    }
    if (!stopped.isEmpty()) {
      consumer.pause(stopped);
    }
  }

  /// Which partitions that wait for references are to be paused now.
  ///
  /// @param loads what is in flight of each
  /// @param partitions that are assigned
  Set<TopicPartition> held(Map<TopicPartition, Load> loads, int partitions) {
    if (loads.isEmpty()) {
      held = Set.of();
      return held;
    }
    int records = Math.max(MIN_SHARE, maxRecords / (2 * Math.max(1, partitions)));
    long bytes = maxBytes / (2L * Math.max(1, partitions));
    Set<TopicPartition> now = new HashSet<>();
    loads.forEach((partition, load) -> {
      int until = held.contains(partition) ? 2 : 1;
      if (load.records() >= Math.max(1, records / until) || load.bytes() >= bytes / until) {
        now.add(partition);
      }
    });
    held = now;
    return held;
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

package dev.mekiki.reliability.topics;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// A moment at which everything that was on `images` before another moment had been encoded, placed
/// and matched, and all of that committed.
///
/// @param asked when the ends of `images` were looked at
/// @param reached when all of it was known to have been processed
/// @param ends offsets, by partition of `images`, before which everything had been processed
/// @param events where `matches` ended before `reached`, by partition
public record Watermark(
    Instant asked, Instant reached, Map<Integer, Long> ends, Map<Integer, Long> events) {
  /// Whether a record on `images` lies before it.
  public boolean covers(Place place) {
    return place.offset() < ends.getOrDefault(place.partition(), 0L);
  }

  /// Whether an event was written after it was reached, by its place on `matches`: whose clock is
  /// off does not matter.
  public boolean isBefore(Place event) {
    Long end = events.get(event.partition());
    return end != null && event.offset() >= end;
  }

  /// How long the processing took.
  public Duration took() {
    return Duration.between(asked, reached);
  }
}

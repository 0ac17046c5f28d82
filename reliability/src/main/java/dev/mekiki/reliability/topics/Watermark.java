package dev.mekiki.reliability.topics;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// A moment at which everything that was on `images` before another moment had been encoded, placed
/// and matched, and all of that committed.
///
/// @param asked when the ends of `images` were looked at
/// @param reached when all of it had been processed
/// @param ends offsets, by partition of `images`, before which everything had been processed
public record Watermark(Instant asked, Instant reached, Map<Integer, Long> ends) {
  /// Whether a record on `images` lies before it.
  public boolean covers(Place place) {
    return place.offset() < ends.getOrDefault(place.partition(), 0L);
  }

  /// How long the processing took.
  public Duration took() {
    return Duration.between(asked, reached);
  }
}

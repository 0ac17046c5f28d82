package dev.mekiki.encoder.landmarks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;

/// What became of images whose landmarks were to be found, as `mekiki.encoder.landmarks.*`.
/// Thread-safe.
public final class LandmarkMetrics {
  final Timer detection;
  private final Map<Result, Counter> results = new EnumMap<>(Result.class);

  /// What became of a code that was read.
  enum Result {
    FOUND,
    /// The image was removed, or has expired.
    REMOVED,
    /// The image is not on `images` any more, or not where its record says that it is held.
    GONE,
    /// Its landmarks could not be found, or not in time.
    FAILED,
    /// The record is no code.
    DEFECTIVE
  }

  public LandmarkMetrics(MeterRegistry registry) {
    detection =
        Timer.builder("mekiki.encoder.landmarks.detection")
            .description("Decoding one image and finding its landmarks")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    for (Result result : Result.values()) {
      results.put(
          result,
          Counter.builder("mekiki.encoder.landmarks.images")
              .description("Codes read by the search for landmarks, by what became of them")
              .tag("result", result.name())
              .register(registry));
    }
  }

  Counter images(Result result) {
    Counter counter = results.get(result);
    if (counter == null) {
      throw new IllegalStateException("no counter for " + result);
    }
    return counter;
  }
}

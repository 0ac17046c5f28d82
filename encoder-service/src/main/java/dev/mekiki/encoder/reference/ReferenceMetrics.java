package dev.mekiki.encoder.reference;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What became of references, as `mekiki.encoder.references.*`. Thread-safe.
final class ReferenceMetrics {
  private static final String PREFIX = "mekiki.encoder.references.";
  private static final String FETCHED = "FETCHED";

  private final MeterRegistry registry;

  ReferenceMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /// Counts a reference.
  ///
  /// @param scheme its scheme, or `none` where it has none that is known
  /// @param failure null where its image was fetched
  void count(String scheme, @Nullable ReferenceException failure) {
    Counter.builder(PREFIX + "fetches")
        .description("References by what became of them")
        .tag("scheme", scheme)
        .tag("outcome", failure == null ? FETCHED : failure.kind().name())
        .register(registry)
        .increment();
  }

  /// Measures an attempt.
  void time(String scheme, long nanos) {
    Timer.builder(PREFIX + "attempt")
        .description("One attempt to fetch an image, whatever it ends by")
        .tag("scheme", scheme)
        .publishPercentiles(0.5, 0.99)
        .register(registry)
        .record(Duration.ofNanos(nanos));
  }

  /// Shows how much memory images take that are fetched and not encoded yet.
  void watch(Capacity capacity) {
    Gauge.builder(PREFIX + "in.flight", capacity, Capacity::bytesHeld)
        .description("Memory for images that are being fetched, or are fetched and not encoded yet")
        .baseUnit("bytes")
        .register(registry);
  }
}

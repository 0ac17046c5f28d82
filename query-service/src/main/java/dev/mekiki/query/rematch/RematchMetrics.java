package dev.mekiki.query.rematch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/// What this process has done of jobs.
final class RematchMetrics {
  final Counter images;
  final Counter events;
  final Counter candidates;

  /// @param isRunning whether it works on one
  RematchMetrics(MeterRegistry meters, BooleanSupplier isRunning) {
    images =
        Counter.builder("mekiki.rematch.images")
            .description("Stored images whose matches were looked up again")
            .register(meters);
    events =
        Counter.builder("mekiki.rematch.events")
            .description("Events of stored images that were new")
            .register(meters);
    candidates =
        Counter.builder("mekiki.rematch.candidates")
            .description(
                "Pairs of stored images that may be copies and were handed to verification")
            .register(meters);
    Gauge.builder("mekiki.rematch.running", () -> isRunning.getAsBoolean() ? 1 : 0)
        .description("1 while this service works on a rematch")
        .register(meters);
  }
}

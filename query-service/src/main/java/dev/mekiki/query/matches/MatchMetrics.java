package dev.mekiki.query.matches;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/// Meters of the match feed.
final class MatchMetrics {
  private final Counter unreadable;

  /// @param subscriptions number of open subscriptions
  MatchMetrics(MeterRegistry registry, Supplier<Number> subscriptions) {
    Gauge.builder("mekiki.query.match.subscriptions", subscriptions)
        .description("Open streams of matches")
        .register(registry);
    unreadable =
        Counter.builder("mekiki.query.match.unreadable")
            .description("Records on the topic of matches that are no match and were left out")
            .register(registry);
  }

  void unreadable() {
    unreadable.increment();
  }
}

package dev.mekiki.encoder.verify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;

/// What became of the pairs that were verified, as `mekiki.encoder.verify.*`. Thread-safe.
public final class VerifyMetrics {
  final Timer verification;
  final Timer latency;
  private final Map<Result, Counter> results = new EnumMap<>(Result.class);

  /// What became of a pair.
  enum Result {
    COPIES,
    SHARED_ELEMENT,
    NO_COPIES,
    /// Two photos of one scene, where those are not reported.
    RESHOT,
    /// The image of one was replaced or removed meanwhile.
    GONE,
    /// What people decided, or where its images come from, leaves it out.
    LEFT_OUT,

    /// The image of one has expired.
    EXPIRED,
    /// Its verification took too long, or failed.
    DROPPED,
    /// The record is none of a pair.
    DEFECTIVE
  }

  public VerifyMetrics(MeterRegistry registry) {
    verification =
        Timer.builder("mekiki.encoder.verify.pair")
            .description("Reading and comparing the pictures of one pair")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    latency =
        Timer.builder("mekiki.encoder.verify.latency")
            .description("From the timestamp of the later image to the commit of its event")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    for (Result result : Result.values()) {
      results.put(
          result,
          Counter.builder("mekiki.encoder.verify.pairs")
              .description("Pairs that share landmarks, by what became of them")
              .tag("result", result.name())
              .register(registry));
    }
  }

  Counter pairs(Result result) {
    Counter counter = results.get(result);
    if (counter == null) {
      throw new IllegalStateException("no counter for " + result);
    }
    return counter;
  }
}

package dev.mekiki.encoder.verify;

import dev.mekiki.schemas.v1.AlignResponse;
import dev.mekiki.schemas.v1.AlignedCandidate;
import dev.mekiki.schemas.v1.AlignedCandidate.Result;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/// What became of the images that query pictures were laid over, as `mekiki.encoder.align.*`.
/// Thread-safe.
final class AlignMetrics {
  private final MeterRegistry registry;
  private final Timer time;

  AlignMetrics(MeterRegistry registry) {
    this.registry = registry;
    time =
        Timer.builder("mekiki.encoder.align.query")
            .description("Laying one query picture over all its candidates")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    for (Result result : Result.values()) {
      if (result != Result.UNRECOGNIZED) {
        Counter _ = candidates(result);
      }
    }
  }

  private Counter candidates(Result result) {
    return Counter.builder("mekiki.encoder.align.candidates")
        .description("Images that a query picture was laid over, by what became of them")
        .tag("result", result.name())
        .register(registry);
  }

  void aligned(AlignResponse.Builder response, long nanos) {
    time.record(nanos, TimeUnit.NANOSECONDS);
    for (AlignedCandidate candidate : response.getCandidatesList()) {
      candidates(candidate.getResult()).increment();
    }
  }
}

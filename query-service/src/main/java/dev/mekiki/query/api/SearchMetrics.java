package dev.mekiki.query.api;

import dev.mekiki.query.search.SearchOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/// What searches cost.
public final class SearchMetrics {
  private final Timer time;
  private final DistributionSummary probes;
  private final DistributionSummary codes;
  private final Counter partial;
  private final Counter standby;
  private final DistributionSummary copies;
  private final Counter unverified;
  private final Counter partialCopies;

  public SearchMetrics(MeterRegistry registry) {
    time =
        Timer.builder("mekiki.query.search")
            .description("Searches, from the request to the answer")
            .publishPercentileHistogram()
            .register(registry);
    probes =
        DistributionSummary.builder("mekiki.query.probes")
            .description("Visits of partitions by one search")
            .register(registry);
    codes =
        DistributionSummary.builder("mekiki.query.codes")
            .description("Distinct codes compared by one search")
            .register(registry);
    partial =
        Counter.builder("mekiki.query.partial")
            .description("Searches that some partition gave no answer to")
            .register(registry);
    standby =
        Counter.builder("mekiki.query.standby")
            .description("Partitions that a standby answered for")
            .register(registry);
    copies =
        DistributionSummary.builder("mekiki.query.copies")
            .description("Copies that one search by picture found")
            .register(registry);
    unverified =
        Counter.builder("mekiki.query.copies.unverified")
            .description("Candidates that searches could not verify in time")
            .register(registry);
    partialCopies =
        Counter.builder("mekiki.query.copies.partial")
            .description("Searches that did not look for copies everywhere")
            .register(registry);
  }

  void copies(CopyOperation.Answer found) {
    copies.record(found.copies().size());
    unverified.increment(found.search().getUnverified());
    if (!found.search().getComplete()) {
      partialCopies.increment();
    }
  }

  void searched(SearchOutcome outcome, long nanos) {
    time.record(nanos, TimeUnit.NANOSECONDS);
    probes.record((double) outcome.statistics().getPartitions());
    codes.record((double) outcome.statistics().getCodes());
    standby.increment(outcome.standby().size());
    if (!outcome.complete()) {
      partial.increment();
    }
  }
}

package dev.mekiki.runtime.policy;

import dev.mekiki.hashing.match.MatchDecision.Reason;
import dev.mekiki.hashing.match.MatchLevel;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.hashing.match.PlacedRevision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts what another filter leaves out. Thread-safe.
final class CountedFilter implements PairFilter {
  private final PairFilter filter;
  private final Map<Reason, Counter> leftOut = new EnumMap<>(Reason.class);

  CountedFilter(PairFilter filter, MeterRegistry meters) {
    this.filter = filter;
    for (Reason reason :
        new Reason[] {
          Reason.OTHER_TENANT,
          Reason.SAME_SOURCE,
          Reason.TENANT_THRESHOLD,
          Reason.ON_MUTE_LIST,
          Reason.DISMISSED
        }) {
      leftOut.put(
          reason,
          Counter.builder("mekiki.match.pairs.left.out")
              .description("Pairs that match and make no event, by what leaves them out")
              .tag("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
              .register(meters));
    }
  }

  @Override
  public @Nullable Reason reason(
      PlacedRevision a, PlacedRevision b, MatchLevel level, int fingerprintDistance) {
    Reason reason = filter.reason(a, b, level, fingerprintDistance);
    if (reason != null) {
      Counter counter = leftOut.get(reason);
      if (counter != null) {
        counter.increment();
      }
    }
    return reason;
  }

  @Override
  public boolean leavesOutAllOf(PlacedRevision image) {
    return filter.leavesOutAllOf(image);
  }
}

package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.netty.util.AsciiString;
import java.time.Duration;

/// How many requests a second a token may send to one instance of a service, as many of them at
/// once. Thread-safe.
final class RateLimit {
  static final int MAX_PER_SECOND = 1_000_000;

  static final AsciiString LIMIT = HttpHeaderNames.of("ratelimit-limit");
  static final AsciiString REMAINING = HttpHeaderNames.of("ratelimit-remaining");
  static final AsciiString RESET = HttpHeaderNames.of("ratelimit-reset");

  private final int perSecond;
  private final Bucket bucket;

  /// @param perSecond 1 to {@value #MAX_PER_SECOND}
  RateLimit(int perSecond) {
    this.perSecond = perSecond;
    this.bucket =
        Bucket.builder()
            .addLimit(
                limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
            .build();
  }

  int perSecond() {
    return perSecond;
  }

  /// Takes a request, where there is room for one, and says in the headers of its answer how much
  /// is left.
  ///
  /// @return whether there was room
  boolean take(ServiceRequestContext context) {
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
    context.mutateAdditionalResponseHeaders(headers -> {
      headers.setInt(LIMIT, perSecond);
      headers.setLong(REMAINING, probe.getRemainingTokens());
      headers.setLong(RESET, seconds(probe.getNanosToWaitForReset()));
      if (!probe.isConsumed()) {
        headers.setLong(HttpHeaderNames.RETRY_AFTER, seconds(probe.getNanosToWaitForRefill()));
      }
    });
    return probe.isConsumed();
  }

  /// Takes more requests, also where there is no room: later ones wait until there is again.
  void takeMore(int requests) {
    bucket.consumeIgnoringRateLimits(requests);
  }

  private static long seconds(long nanos) {
    return Math.ceilDiv(nanos, Duration.ofSeconds(1).toNanos());
  }
}

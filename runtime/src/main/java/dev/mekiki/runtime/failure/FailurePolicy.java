package dev.mekiki.runtime.failure;

import com.linecorp.armeria.client.retry.Backoff;
import java.time.Duration;
import java.util.function.Function;

/// How a component's failures are handled.
///
/// @param backoff the delay before each retry
/// @param giveUpAfter how long faults may go on without progress before the process ends
/// @param minAttempts faults in a row before the process ends, however long they took
/// @param stallLimit how long work may wait without progress before `/livez` is red
/// @param kind what a failure is
public record FailurePolicy(
    Backoff backoff,
    Duration giveUpAfter,
    int minAttempts,
    Duration stallLimit,
    Function<Throwable, FailureKind> kind) {
  private static final Duration GIVE_UP_AFTER = Duration.ofMinutes(5);
  private static final int MIN_ATTEMPTS = 5;
  private static final Duration STALL_LIMIT = Duration.ofMinutes(2);

  /// Delays of 200 ms to 10 s, each 1.7 times the one before, within 30% of it by chance; ends
  /// after 5 minutes and 5 attempts without progress; not alive after 2 minutes of waiting work.
  ///
  /// @param kind what a failure is, such as `KafkaFailures::kind`
  public static FailurePolicy standard(Function<Throwable, FailureKind> kind) {
    return new FailurePolicy(
        Backoff.exponential(200, 10_000, 1.7).withJitter(0.3),
        GIVE_UP_AFTER,
        MIN_ATTEMPTS,
        STALL_LIMIT,
        kind);
  }

  /// The same with another time until the process ends.
  public FailurePolicy givingUpAfter(Duration limit, int attempts) {
    return new FailurePolicy(backoff, limit, attempts, stallLimit, kind);
  }

  /// The same with another time until `/livez` is red.
  public FailurePolicy stallingAfter(Duration limit) {
    return new FailurePolicy(backoff, giveUpAfter, minAttempts, limit, kind);
  }

  /// The same with other delays.
  public FailurePolicy retrying(Backoff delays) {
    return new FailurePolicy(delays, giveUpAfter, minAttempts, stallLimit, kind);
  }
}

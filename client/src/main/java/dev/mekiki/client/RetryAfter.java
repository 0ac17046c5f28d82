package dev.mekiki.client;

import com.launchdarkly.eventsource.RetryDelayStrategy;

/// Waits longer after each failure, and at least as long as the service has said.
final class RetryAfter extends RetryDelayStrategy {
  private final MatchConnection connection;
  private final RetryDelayStrategy growing;

  RetryAfter(MatchConnection connection) {
    this(connection, RetryDelayStrategy.defaultStrategy());
  }

  private RetryAfter(MatchConnection connection, RetryDelayStrategy growing) {
    this.connection = connection;
    this.growing = growing;
  }

  @Override
  public Result apply(long baseDelayMillis) {
    Result delay = growing.apply(baseDelayMillis);
    return new Result(
        Math.max(delay.getDelayMillis(), connection.retryAfterMillis()),
        delay.getNext() == null ? this : new RetryAfter(connection, delay.getNext()));
  }
}

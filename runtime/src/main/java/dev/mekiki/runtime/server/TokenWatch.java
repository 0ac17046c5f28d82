package dev.mekiki.runtime.server;

import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.FailureKind;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.lifecycle.Threads;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the tokens file again every two seconds, so that tokens come, go and change without a
/// restart, and shows in metrics how many there are and whether they are those of the file.
final class TokenWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TokenWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /// The service works on with the tokens that it has.
  private static final Duration NEVER = Duration.ofDays(10_000);

  private final Tokens tokens;
  private final Component component;
  private final Thread thread;

  private TokenWatch(Tokens tokens, FailureOwner failures) {
    this.tokens = tokens;
    this.component =
        failures.component(
            "tokens",
            FailurePolicy.standard(_ -> FailureKind.FAULT).givingUpAfter(NEVER, Integer.MAX_VALUE));
    this.thread = Thread.ofVirtual().name("tokens").unstarted(this::run);
  }

  /// Starts to read; null where there is no tokens file.
  static @Nullable TokenWatch start(Access access, FailureOwner failures, MeterRegistry meters) {
    @Nullable Tokens tokens = access.tokens();
    if (tokens == null) {
      return null;
    }
    Gauge.builder("mekiki.server.tokens", tokens, Tokens::size)
        .description("Tokens of the tokens file that are accepted")
        .register(meters);
    Gauge.builder("mekiki.server.tokens.stale", tokens, known -> known.isStale() ? 1 : 0)
        .description("1 while the tokens file cannot be used and those before it hold, else 0")
        .register(meters);
    log.info("Tokens of a file are accepted tokens={}", tokens.size());
    TokenWatch watch = new TokenWatch(tokens, failures);
    watch.thread.start();
    return watch;
  }

  private void run() {
    try {
      component.run(() -> {
        while (!component.isClosed()) {
          component.pause(INTERVAL);
          tokens.readAgain();
          component.progressed();
        }
      });
    } catch (InterruptedException e) {
      log.debug("Tokens are not read any more", e);
    }
  }

  @Override
  public void close() {
    component.close();
    Threads.join(thread);
  }
}

package dev.mekiki.runtime.server;

import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.FailureKind;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.lifecycle.Threads;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the tokens of tenants again every two seconds, so that tenants come and go, and tokens
/// change, without a restart. Where the directory cannot be read, or is refused, the tokens that
/// were read last stay valid: a file that is being written must not lock the others out.
final class TenantTokenWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TenantTokenWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /// The service works on with the tokens that it has.
  private static final Duration NEVER = Duration.ofDays(10_000);

  private final TenantTokens tokens;
  private final Component component;
  private final Thread thread;

  private TenantTokenWatch(TenantTokens tokens, FailureOwner failures) {
    this.tokens = tokens;
    this.component =
        failures.component(
            "tenant-tokens",
            FailurePolicy.standard(_ -> FailureKind.FAULT).givingUpAfter(NEVER, Integer.MAX_VALUE));
    this.thread = Thread.ofVirtual().name("tenant-tokens").unstarted(this::run);
  }

  /// Starts to read; null where no token of a tenant is accepted.
  static @Nullable TenantTokenWatch start(Access access, FailureOwner failures) {
    @Nullable TenantTokens tokens = access.tenantTokens();
    if (tokens == null) {
      return null;
    }
    log.info("Tokens of tenants are accepted tenants={}", tokens.size());
    TenantTokenWatch watch = new TenantTokenWatch(tokens, failures);
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
      log.debug("Tokens of tenants are not read any more", e);
    }
  }

  @Override
  public void close() {
    component.close();
    Threads.join(thread);
  }
}

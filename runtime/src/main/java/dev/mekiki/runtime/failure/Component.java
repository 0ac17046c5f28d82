package dev.mekiki.runtime.failure;

import dev.mekiki.runtime.logging.LogMarkers;
import dev.mekiki.schemas.text.BoundedText;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One component of a service, registered with its {@link FailureOwner}. Thread-safe.
///
/// Life: working <-> failing (retried) -> closed, or given up.
public final class Component implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Component.class);
  private static final String METRIC = "mekiki.service.component.";

  private final FailureOwner owner;
  private final String name;
  private final FailurePolicy policy;
  private final MeterRegistry meters;
  private final LongSupplier nanoTime;

  // Times are of nanoTime. Guarded by this.
  private long lastProgress;
  private boolean workWaits;
  private int failuresInRow;
  private long failingSince;
  private int faultsInRow;
  private long faultySince;
  private @Nullable Throwable lastFailure;
  private @Nullable ComponentFailedException givenUp;
  private boolean closed;

  /// Something that is retried until it ends.
  @FunctionalInterface
  public interface Attempt {
    /// Works until there is no more to do; reports {@link Component#progressed} on its way.
    void run() throws Exception;
  }

  Component(
      FailureOwner owner,
      String name,
      FailurePolicy policy,
      MeterRegistry meters,
      LongSupplier nanoTime) {
    this.owner = owner;
    this.name = name;
    this.policy = policy;
    this.meters = meters;
    this.nanoTime = nanoTime;
    this.lastProgress = nanoTime.getAsLong();
    for (FailureKind kind : FailureKind.values()) {
      count(kind, 0);
    }
    Gauge.builder(METRIC + "alive", this, component -> component.defect().isEmpty() ? 1 : 0)
        .tag("component", name)
        .description("1 while the component works or is retried, 0 once it is stuck or given up")
        .register(meters);
  }

  /// Reports that work was done: earlier failures are forgotten, and the time without progress
  /// starts anew.
  public synchronized void progressed() {
    lastProgress = nanoTime.getAsLong();
    if (failuresInRow == 0) {
      return;
    }
    log.info(
        faultsInRow == 0 ? LogMarkers.KAFKA : null,
        "Component works again component={} failures={} after={}",
        name,
        failuresInRow,
        elapsed(failingSince));
    failuresInRow = 0;
    faultsInRow = 0;
    lastFailure = null;
  }

  /// Reports whether there is work that should lead to progress. Without a report there is none.
  public synchronized void workWaits(boolean waits) {
    if (waits && !workWaits) {
      lastProgress = nanoTime.getAsLong();
    }
    workWaits = waits;
  }

  /// Reports a failure.
  ///
  /// @return how long to wait before the next attempt
  /// @throws ComponentFailedException where there should be none; {@link FailureOwner#failure} has
  ///   completed then
  public synchronized Duration failed(Throwable failure) {
    if (givenUp != null) {
      throw givenUp;
    }
    FailureKind kind = policy.kind().apply(failure);
    count(kind, 1);
    owner.failed();
    lastFailure = failure;
    long now = nanoTime.getAsLong();
    if (failuresInRow++ == 0) {
      failingSince = now;
    }
    switch (kind) {
      case OUTAGE -> {
        // No progress was possible.
        lastProgress = now;
        faultsInRow = 0;
      }
      case FAULT -> {
        if (faultsInRow++ == 0) {
          faultySince = now;
        }
        if (faultsInRow >= policy.minAttempts()
            && now - faultySince >= policy.giveUpAfter().toNanos()) {
          throw giveUp(failure);
        }
      }
    }
    logFailure(kind, failure);
    return Duration.ofMillis(Math.max(0, policy.backoff().nextDelayMillis(failuresInRow)));
  }

  /// Reports that the component has ended and cannot be retried.
  ///
  /// @return the failure that {@link FailureOwner#failure} completes with
  public synchronized ComponentFailedException died(Throwable failure) {
    if (givenUp != null) {
      return givenUp;
    }
    count(FailureKind.FAULT, 1);
    owner.failed();
    if (failuresInRow++ == 0) {
      failingSince = nanoTime.getAsLong();
    }
    return giveUp(failure);
  }

  /// Runs an attempt on the calling thread, again after each failure, until it ends normally, this
  /// component is closed, or it is given up.
  ///
  /// @throws ComponentFailedException where it is given up
  /// @throws InterruptedException where the thread is interrupted while it waits
  public void run(Attempt attempt) throws InterruptedException {
    while (!isClosed()) {
      try {
        attempt.run();
        return;
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception | LinkageError | StackOverflowError e) {
        if (isClosed()) {
          return;
        }
        pause(failed(e));
      } catch (Error e) {
        // Out of memory and the like: what state the process is in is unknown.
        throw died(e);
      }
    }
  }

  /// Waits, at most until the component is closed.
  public synchronized void pause(Duration delay) throws InterruptedException {
    long end = System.nanoTime() + delay.toNanos();
    long left = delay.toNanos();
    while (left > 0 && !closed) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
  }

  /// The last failure since the last progress, if any.
  public synchronized Optional<Throwable> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  /// Ends the component on purpose: nothing is expected of it any more, and {@link #run} and {@link
  /// #pause} return.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    owner.remove(this);
  }

  /// Whether it was closed.
  public synchronized boolean isClosed() {
    return closed;
  }

  synchronized Optional<String> defect() {
    if (closed) {
      return Optional.empty();
    }
    if (givenUp != null) {
      return Optional.ofNullable(givenUp.getMessage());
    }
    long idle = nanoTime.getAsLong() - lastProgress;
    return workWaits && idle > policy.stallLimit().toNanos()
        ? Optional.of(
            "%s: no progress for %d s while work waits (limit: %d s)%s"
                .formatted(
                    name,
                    TimeUnit.NANOSECONDS.toSeconds(idle),
                    policy.stallLimit().toSeconds(),
                    lastFailure == null ? "" : "; last failure: " + reason(lastFailure)))
        : Optional.empty();
  }

  synchronized void excuse() {
    lastProgress = nanoTime.getAsLong();
    faultsInRow = 0;
  }

  private ComponentFailedException giveUp(Throwable failure) {
    ComponentFailedException reason =
        new ComponentFailedException(
            "%s: %s failed %d times within %d s without progress, last: %s"
                .formatted(
                    owner.service(),
                    name,
                    failuresInRow,
                    TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - failingSince),
                    reason(failure)),
            failure);
    givenUp = reason;
    log.error(
        "Component is given up, the process should end component={} failures={} after={}",
        name,
        failuresInRow,
        elapsed(failingSince),
        failure);
    owner.givenUp(reason);
    return reason;
  }

  // One line when it begins to fail, one when it works again; the repeats are counted.
  private void logFailure(FailureKind kind, Throwable failure) {
    switch (kind) {
      case OUTAGE -> {
        if (failuresInRow == 1) {
          log.warn(
              LogMarkers.KAFKA,
              "Component fails and is retried component={} reason={}",
              name,
              reason(failure));
        }
      }
      case FAULT -> {
        if (faultsInRow == 1) {
          log.warn("Component fails and is retried component={}", name, failure);
        } else {
          log.debug("Component failed again component={}", name, failure);
        }
      }
    }
  }

  private String elapsed(long since) {
    return "%.1fs".formatted((nanoTime.getAsLong() - since) / 1e9);
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof java.util.concurrent.ExecutionException
            || cause instanceof java.util.concurrent.CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName() + ": " + BoundedText.message(cause);
  }

  private void count(FailureKind kind, int failures) {
    meters.counter(METRIC + "failures", "component", name, "kind", kind.tag()).increment(failures);
  }
}

package dev.mekiki.index.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.LockException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of an instance when a stream thread dies: the thread is replaced where the cause
/// may pass, a few times a minute at most; else the instance ends and says why. Thread-safe.
public final class FailurePolicy implements StreamsUncaughtExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(FailurePolicy.class);
  private static final int MOST_REPLACEMENTS = 5;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Deque<Instant> replacements = new ArrayDeque<>();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  public FailurePolicy(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized StreamThreadExceptionResponse handle(Throwable exception) {
    if (isTransient(exception) && mayReplace()) {
      log.warn("stream thread failed and is replaced.", exception);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    log.error("stream thread failed; this index instance ends.", exception);
    failure.complete(exception);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /// Completes with the reason when the instance ends by itself.
  public CompletionStage<Throwable> failure() {
    return failure.minimalCompletionStage();
  }

  /// The reason, once the instance has ended by itself.
  public Optional<Throwable> reason() {
    return Optional.ofNullable(failure.getNow(null));
  }

  /// Causes lie below the exceptions that Kafka Streams wraps them in.
  private static boolean isTransient(Throwable exception) {
    boolean passing = false;
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
        return false;
      }
      passing |=
          cause instanceof RetriableException
              || cause instanceof TaskMigratedException
              || cause instanceof TaskCorruptedException
              || cause instanceof LockException;
    }
    return passing;
  }

  private boolean mayReplace() {
    Instant now = clock.instant();
    while (!replacements.isEmpty() && replacements.peekFirst().isBefore(now.minus(WINDOW))) {
      replacements.removeFirst();
    }
    if (replacements.size() >= MOST_REPLACEMENTS) {
      return false;
    }
    replacements.addLast(now);
    return true;
  }
}

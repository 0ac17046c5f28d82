package dev.mekiki.index.lifecycle;

import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.ComponentFailedException;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The owner of what kills stream threads. A thread is replaced after a pause that grows with each
/// failure:
///
/// - after an outage without limit: an instance waits for its brokers as long as it takes;
/// - after another fault until a minute and five attempts have passed without {@link #QUIET}
///   between them; then the instance ends;
/// - not at all where a new thread must fail in the same way: the instance ends and says why.
///
/// A thread that asks for no records for some minutes makes `/livez` red.
///
/// The pause is made on the thread that dies, which belongs to the group until then. Thread-safe.
public final class StreamThreads implements StreamsUncaughtExceptionHandler, AutoCloseable {
  /// Threads that have lived for so long work again.
  static final Duration QUIET = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(StreamThreads.class);

  /// A thread asks for records many times a second; opening a large partition takes it some time.
  private static final Duration STUCK = Duration.ofMinutes(2);

  private static final Duration GIVE_UP_AFTER = Duration.ofMinutes(1);
  private static final int MIN_ATTEMPTS = 5;
  private static final Duration RESOLVE_INTERVAL = Duration.ofSeconds(1);

  private final Component component;
  private final BooleanSupplier canConnect;
  private final InstantSource clock;
  private volatile Instant lastFailure = Instant.MIN;

  /// @param failures the owner of the service's failures
  /// @param canConnect false where a new thread could not even be made, because no broker's name
  ///   resolves; it is then waited for
  /// @param clock times failures
  public StreamThreads(FailureOwner failures, BooleanSupplier canConnect, InstantSource clock) {
    this(failures, policy(), canConnect, clock);
  }

  StreamThreads(
      FailureOwner failures,
      FailurePolicy policy,
      BooleanSupplier canConnect,
      InstantSource clock) {
    this.component = failures.component("stream-threads", policy);
    this.canConnect = canConnect;
    this.clock = clock;
  }

  static FailurePolicy policy() {
    return FailurePolicy.standard(StreamFailures::kind).givingUpAfter(GIVE_UP_AFTER, MIN_ATTEMPTS);
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable exception) {
    lastFailure = clock.instant();
    if (StreamFailures.isPermanent(exception)) {
      var _ = component.died(exception);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    try {
      component.pause(component.failed(exception));
      while (!component.isClosed() && !canConnect.getAsBoolean()) {
        log.debug("No broker's name resolves; a new stream thread waits for one");
        component.pause(RESOLVE_INTERVAL);
      }
    } catch (ComponentFailedException e) {
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /// How long ago that of the threads that waited longest asked Kafka for records; empty before any
  /// has.
  ///
  /// @param metrics of {@link org.apache.kafka.streams.KafkaStreams}
  public static Optional<Duration> sincePoll(Map<MetricName, ? extends Metric> metrics) {
    double seconds = -1;
    for (Metric metric : metrics.values()) {
      MetricName name = metric.metricName();
      String client = name.tags().getOrDefault("client-id", "");
      // -1 of a consumer that has not asked yet.
      if (name.name().equals("last-poll-seconds-ago")
          && client.endsWith("-consumer")
          && !client.endsWith("-restore-consumer")
          && metric.metricValue() instanceof Number ago) {
        seconds = Math.max(seconds, ago.doubleValue());
      }
    }
    return seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds((long) seconds));
  }

  /// To be called now and then: a thread that asks for no records is stuck.
  ///
  /// @param sincePoll from {@link #sincePoll}
  public void polled(Duration sincePoll) {
    component.workWaits(sincePoll.compareTo(STUCK) > 0);
  }

  /// To be called now and then while the threads run.
  public void running() {
    if (!lastFailure.equals(Instant.MIN) && !clock.instant().isBefore(lastFailure.plus(QUIET))) {
      lastFailure = Instant.MIN;
      component.progressed();
    }
  }

  /// Reports that no thread is left.
  public void ended() {
    if (!component.isClosed()) {
      var _ = component.died(new IllegalStateException("no stream thread is left"));
    }
  }

  /// Ends all pauses: a thread that waits must not hold up a stop.
  @Override
  public void close() {
    component.close();
  }
}

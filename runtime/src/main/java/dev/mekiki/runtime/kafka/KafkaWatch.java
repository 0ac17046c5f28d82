package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.lifecycle.Threads;
import dev.mekiki.runtime.logging.LogLine;
import dev.mekiki.runtime.logging.OutageFilter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Watches whether Kafka answers and logs an outage in two lines: one when it begins, one when it
/// ends, with how long it took and what it cost.
///
/// It takes the warnings and errors of this process's Kafka clients ({@link OutageFilter}). Without
/// any it does nothing. With one it asks Kafka itself:
///
/// - Kafka does not answer: an outage has begun. Lines are counted until Kafka answers, and for a
///   while after, as clients and groups find their way back.
/// - Kafka answers: something else is wrong. Each distinct line is written once, and its repeats
///   within half a minute are counted and written as a number.
///
/// While Kafka is away no component is expected to make progress: `/livez` stays green.
/// Thread-safe.
public final class KafkaWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KafkaWatch.class);

  private static final Duration PROBE_INTERVAL = Duration.ofMillis(500);
  private static final Duration WINDOW = Duration.ofSeconds(30);

  /// Distinct lines that are kept of one window.
  private static final int MAX_LINES = 50;

  private final String service;
  private final FailureOwner failures;
  private final KafkaProbe probe;
  private final Counter suppressed;
  private final OutageFilter.Collecting collecting;
  private final Thread thread;

  // Guarded by this.
  private final Map<String, Repeated> held = new LinkedHashMap<>();
  private long lines;
  private boolean suspicious;
  private boolean recovering;
  private boolean closed;

  private volatile boolean away;

  /// A line and how often it came.
  private static final class Repeated {
    private final LogLine line;
    private long count;
    private boolean written;

    Repeated(LogLine line) {
      this.line = line;
    }
  }

  private KafkaWatch(
      String service, KafkaClients clients, FailureOwner failures, MeterRegistry meters) {
    this.service = service;
    this.failures = failures;
    this.probe = new KafkaProbe(service, clients);
    this.suppressed =
        Counter.builder("mekiki.service.kafka.suppressed.lines")
            .description("Warnings and errors of Kafka clients that were counted, not written")
            .register(meters);
    Gauge.builder("mekiki.service.kafka.away", this, watch -> watch.away ? 1 : 0)
        .description("1 while Kafka does not answer")
        .register(meters);
    this.thread = Thread.ofPlatform().daemon().name("kafka-watch").unstarted(this::run);
    this.collecting = OutageFilter.collect(this::take);
  }

  /// A running watch.
  ///
  /// @param service the service's name, such as `encoder`
  /// @param failures is excused while Kafka is away
  public static KafkaWatch start(
      String service, KafkaClients clients, FailureOwner failures, MeterRegistry meters) {
    KafkaWatch watch = new KafkaWatch(service, clients, failures, meters);
    watch.thread.start();
    return watch;
  }

  /// Whether Kafka does not answer now.
  public boolean isAway() {
    return away;
  }

  /// Ends the watch; what it still holds is written.
  @Override
  public void close() {
    collecting.close();
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.interrupt();
    Threads.join(thread);
  }

  // On the thread that logs.
  private void take(LogLine line, boolean isFirst) {
    if (line.text().contains(probe.clientId())) {
      return;
    }
    suppressed.increment();
    synchronized (this) {
      lines++;
      suspicious = true;
      if (isFirst
          && !away
          && !recovering
          && (held.size() < MAX_LINES || held.containsKey(line.key()))) {
        held.computeIfAbsent(line.key(), _ -> new Repeated(line)).count++;
      }
      notifyAll();
    }
  }

  private void run() {
    try (probe) {
      while (awaitSuspicion(Long.MAX_VALUE)) {
        watchWindow();
        probe.close();
      }
    } catch (InterruptedException e) {
      log.debug("Watch of Kafka ends service={}", service, e);
    } finally {
      writeHeld();
      writeRepeats();
    }
  }

  /// Asks Kafka while there are warnings, until there are none for a while.
  private void watchWindow() throws InterruptedException {
    long end = System.nanoTime() + WINDOW.toNanos();
    do {
      Optional<String> trouble = probe.trouble();
      if (trouble.isPresent()) {
        outage(trouble.get());
        end = System.nanoTime() + WINDOW.toNanos();
      } else {
        writeHeld();
      }
      TimeUnit.NANOSECONDS.sleep(PROBE_INTERVAL.toNanos());
    } while (awaitSuspicion(end - System.nanoTime()));
    synchronized (this) {
      recovering = false;
    }
    writeRepeats();
  }

  private void outage(String reason) throws InterruptedException {
    long begin = System.nanoTime();
    long failuresBefore = failures.failures();
    long linesBefore;
    synchronized (this) {
      away = true;
      held.clear();
      linesBefore = lines;
    }
    log.warn("Kafka does not answer service={} reason={}", service, reason);
    try {
      do {
        failures.excuse();
        TimeUnit.NANOSECONDS.sleep(PROBE_INTERVAL.toNanos());
      } while (probe.trouble().isPresent());
    } finally {
      synchronized (this) {
        away = false;
        recovering = true;
      }
    }
    failures.excuse();
    log.info(
        "Kafka answers again service={} after={} retries={} suppressedLines={}",
        service,
        "%.1fs".formatted((System.nanoTime() - begin) / 1e9),
        failures.failures() - failuresBefore,
        linesNow() - linesBefore);
  }

  private synchronized long linesNow() {
    return lines;
  }

  /// Waits for a line.
  ///
  /// @param nanos for how long at most
  /// @return false where there is none by then
  private synchronized boolean awaitSuspicion(long nanos) throws InterruptedException {
    long begin = System.nanoTime();
    while (!suspicious && !closed) {
      long left = nanos - (System.nanoTime() - begin);
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    suspicious = false;
    return !closed;
  }

  private synchronized void writeHeld() {
    for (Repeated repeated : held.values()) {
      if (!repeated.written) {
        repeated.written = true;
        repeated.count--;
        log.atLevel(level(repeated.line))
            .log(
                "Kafka client reports logger={} message={}",
                repeated.line.logger(),
                repeated.line.text());
      }
    }
  }

  private synchronized void writeRepeats() {
    for (Repeated repeated : held.values()) {
      if (repeated.count > 0) {
        log.atLevel(level(repeated.line))
            .log(
                "Kafka client repeats times={} logger={} message={}",
                repeated.count,
                repeated.line.logger(),
                repeated.line.text());
      }
    }
    held.clear();
  }

  private static Level level(LogLine line) {
    return Level.valueOf(line.level().toString());
  }
}

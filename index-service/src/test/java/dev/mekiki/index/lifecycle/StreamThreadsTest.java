package dev.mekiki.index.lifecycle;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.retry.Backoff;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamThreadsTest {
  private static final Duration SOON = Duration.ofMillis(30);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final FailureOwner failures = new FailureOwner("index", registry);

  @ParameterizedTest
  @MethodSource("outages")
  void noNumberOfOutagesEndsTheInstance(Exception outage) {
    StreamThreads threads = threads(Duration.ZERO, Backoff.withoutDelay(), () -> true);
    for (int i = 0; i < 100; i++) {
      assertThat(threads.handle(new StreamsException("task 1_0", outage)))
          .isEqualTo(REPLACE_THREAD);
    }
    assertThat(failures.failure().toCompletableFuture()).isNotDone();
    assertThat(failures.defect()).isEmpty();
    assertThat(
            registry
                .get("mekiki.service.component.failures")
                .tag("component", "stream-threads")
                .tag("kind", "outage")
                .counter()
                .count())
        .isEqualTo(100);
  }

  static Stream<Exception> outages() {
    return Stream.of(
        new TimeoutException(),
        DisconnectException.INSTANCE,
        new ProducerFencedException("fenced"),
        new InvalidProducerEpochException("old"),
        new InvalidPidMappingException("gone"),
        new InvalidTxnStateException("in a wrong state"),
        new OutOfOrderSequenceException("gap"),
        new UnknownProducerIdException("forgotten"),
        new CommitFailedException(),
        new UnknownServerException(),
        new KafkaException("unexpected error"),
        new TaskMigratedException("moved"),
        new TaskCorruptedException(Set.of()));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void faultsThatComeAgainAndAgainEndTheInstance(Exception fault) {
    StreamThreads threads = threads(SOON, Backoff.fixed(10), () -> true);
    int attempts = 0;
    while (threads.handle(new StreamsException(fault)) == REPLACE_THREAD) {
      attempts++;
    }
    assertThat(attempts).isGreaterThanOrEqualTo(3);
    assertThat(failures.defect()).hasValueSatisfying(defect -> assertThat(defect).isNotEmpty());
    assertThat(failures.failure().toCompletableFuture()).isDone();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void faultsFarApartDoNotAddUp(Exception fault) {
    StreamThreads threads = threads(Duration.ZERO, Backoff.withoutDelay(), () -> true);
    for (int i = 0; i < 20; i++) {
      assertThat(threads.handle(fault)).isEqualTo(REPLACE_THREAD);
      now.updateAndGet(time -> time.plus(StreamThreads.QUIET));
      threads.running();
    }
  }

  static Stream<Exception> faults() {
    return Stream.of(
        new IllegalStateException("a defect"),
        new SaslAuthenticationException("wrong password"),
        new TopicAuthorizationException("no"));
  }

  @Test
  void threadsThatHaveNotLivedLongDoNotWorkAgain() {
    StreamThreads threads = threads(Duration.ZERO, Backoff.withoutDelay(), () -> true);
    for (int i = 0; i < 4; i++) {
      assertThat(threads.handle(new IllegalStateException("a defect"))).isEqualTo(REPLACE_THREAD);
      now.updateAndGet(time -> time.plus(StreamThreads.QUIET.minusSeconds(1)));
      threads.running();
    }
    assertThat(threads.handle(new IllegalStateException("a defect"))).isEqualTo(SHUTDOWN_CLIENT);
  }

  @ParameterizedTest
  @MethodSource("permanent")
  void instanceEndsAtOnceWhereANewThreadMustFailToo(Throwable permanent) {
    StreamThreads threads = threads(Duration.ofHours(1), Backoff.withoutDelay(), () -> true);
    assertThat(threads.handle(new StreamsException(permanent))).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(failures.failure().toCompletableFuture()).isDone();
  }

  static Stream<Throwable> permanent() {
    return Stream.of(
        new UnsupportedVersionException("old broker"),
        new InvalidConfigurationException("acks"),
        new OutOfMemoryError("heap"));
  }

  @Test
  void newThreadWaitsUntilABrokersNameResolves() {
    AtomicInteger asked = new AtomicInteger();
    StreamThreads threads =
        threads(Duration.ZERO, Backoff.withoutDelay(), () -> asked.incrementAndGet() == 2);

    assertThat(threads.handle(new TimeoutException())).isEqualTo(REPLACE_THREAD);
    assertThat(asked).hasValue(2);
  }

  @Test
  void closingEndsAPause() {
    StreamThreads threads =
        threads(Duration.ZERO, Backoff.fixed(TimeUnit.HOURS.toMillis(1)), () -> true);
    CompletableFuture<?> handled =
        CompletableFuture.supplyAsync(() -> threads.handle(new TimeoutException()));
    threads.close();
    assertThat(handled).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void aThreadThatAsksForNoRecordsIsADefect() {
    FailurePolicy policy = StreamThreads.policy().stallingAfter(Duration.ZERO);
    StreamThreads threads = new StreamThreads(failures, policy, () -> true, now::get);
    threads.polled(Duration.ofSeconds(100));
    assertThat(failures.defect()).isEmpty();
    threads.polled(Duration.ofSeconds(121));
    assertThat(failures.defect())
        .hasValueSatisfying(defect -> assertThat(defect).contains("stream-threads"));
    threads.polled(Duration.ofSeconds(1));
    assertThat(failures.defect()).isEmpty();
  }

  /// Names as clients of Kafka Streams have them.
  @Test
  void theThreadThatWaitedLongestCounts() throws Exception {
    try (Metrics metrics = new Metrics()) {
      for (String client :
          List.of("index-StreamThread-1-consumer", "index-StreamThread-2-consumer")) {
        gauge(metrics, client, client.contains("1") ? 3 : 170);
      }
      gauge(metrics, "index-StreamThread-1-restore-consumer", 900);
      gauge(metrics, "index-StreamThread-3-consumer", -1);
      assertThat(StreamThreads.sincePoll(metrics.metrics())).contains(Duration.ofSeconds(170));
    }
  }

  private static void gauge(Metrics metrics, String client, int secondsAgo) {
    metrics.addMetric(
        metrics.metricName(
            "last-poll-seconds-ago", "consumer-metrics", Map.of("client-id", client)),
        (Measurable) (_, _) -> secondsAgo);
  }

  private StreamThreads threads(Duration giveUpAfter, Backoff backoff, BooleanSupplier canConnect) {
    FailurePolicy policy = StreamThreads.policy().givingUpAfter(giveUpAfter, 5).retrying(backoff);
    return new StreamThreads(failures, policy, canConnect, now::get);
  }
}

package dev.mekiki.query.matches;

import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.schemas.v1.Match;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/// Matches as they are committed to the topic, for any number of subscribers up to a limit.
///
/// One consumer reads the end of the topic for all live subscriptions. A subscription that starts
/// earlier, or whose subscriber is so slow that its queue overruns, reads with a consumer of its
/// own until it meets the shared one. No subscriber misses a match that the topic still holds, and
/// none holds more than a queue of memory.
///
/// Thread-safe. Each subscription runs on a virtual thread, the shared consumer on a platform
/// thread.
public final class MatchFeed implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  /// How long a page may take.
  private static final Duration PAGE_LIMIT = Duration.ofSeconds(5);

  private final Limits limits;
  private final MatchTopic topic;
  private final SharedReader shared;
  private final Semaphore streams;
  private final Semaphore replays;
  private final Semaphore pages;
  private final Map<Subscription, Thread> subscriptions = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /// How much subscribers may ask for.
  ///
  /// @param streams most subscriptions at once
  /// @param replays most subscriptions at once that read earlier matches, each with a consumer of
  ///   its own; and most pages of earlier matches that are read at once
  public record Limits(int streams, int replays) {}

  /// Starts to read.
  ///
  /// @param consumers makes read-committed consumers that are in no group
  /// @param admin stays the caller's to close
  /// @param topicName name of the topic `matches`
  /// @param failures takes the failures of reading
  /// @param skipped counts records that are no match
  public MatchFeed(
      Supplier<Consumer<byte[], byte[]>> consumers,
      Admin admin,
      String topicName,
      Limits limits,
      FailureOwner failures,
      SkippedRecords skipped,
      MeterRegistry meters) {
    Gauge.builder("mekiki.query.match.subscriptions", this, MatchFeed::subscriptions)
        .description("Open streams of matches")
        .register(meters);
    this.limits = limits;
    this.topic = new MatchTopic(consumers, admin, topicName, skipped);
    this.shared = new SharedReader(topic, failures);
    this.streams = new Semaphore(limits.streams());
    this.replays = new Semaphore(limits.replays());
    this.pages = new Semaphore(limits.replays());
    shared.start();
  }

  /// Sends matches to the sink until it is cancelled, or the feed is closed.
  ///
  /// @throws SubscriptionRefusedException where there are as many subscriptions as allowed, or as
  ///   many from the beginning
  public void subscribe(StartFrom from, MatchSink sink) {
    if (!streams.tryAcquire()) {
      throw new SubscriptionRefusedException(
          "matches: %d streams are open (expected: at most %d; try again later, or raise mekiki.query.max-streams)"
              .formatted(subscriptions(), limits.streams()));
    }
    boolean replay = from instanceof StartFrom.Beginning;
    if (replay && !replays.tryAcquire()) {
      streams.release();
      throw new SubscriptionRefusedException(
          "matches: %d streams read earlier matches (expected: at most %d; try again later, or raise mekiki.query.max-replays)"
              .formatted(limits.replays(), limits.replays()));
    }
    Subscription subscription =
        new Subscription(from, sink, topic, shared, replays, replay, () -> closed);
    Thread thread =
        Thread.ofVirtual()
            .name("match-subscription")
            .unstarted(() -> {
              try {
                subscription.run();
              } finally {
                subscriptions.remove(subscription);
                streams.release();
              }
            });
    subscriptions.put(subscription, thread);
    thread.start();
  }

  /// Some matches of the past, the newest first; blocks.
  ///
  /// @param before the page ends there, exclusive; null for the present
  /// @param limit most matches
  /// @param filter which are wanted
  /// @throws IllegalArgumentException where the topic has no such position
  /// @throws SubscriptionRefusedException where as many pages are read as allowed
  /// @throws MatchesUnavailableException where the topic cannot be read
  public MatchPage past(@Nullable Positions before, int limit, Predicate<Match> filter)
      throws InterruptedException {
    return page(
        before,
        (consumer, partitions) -> {
          Positions end = topic.end(consumer, partitions);
          MatchPage page =
              new MatchHistory(new PageReading(topic, consumer, filter, limit, PAGE_LIMIT))
                  .before(before == null ? end : before.atMost(end));
          return before == null ? new MatchPage(page.matches(), page.next(), end) : page;
        });
  }

  /// Some matches from a place on, the oldest first; blocks, but not for matches to come.
  ///
  /// @param after where the page begins
  /// @param limit most matches
  /// @param filter which are wanted
  /// @throws IllegalArgumentException where the topic has no such position
  /// @throws SubscriptionRefusedException where as many pages are read as allowed
  /// @throws MatchesUnavailableException where the topic cannot be read
  public MatchPage later(Positions after, int limit, Predicate<Match> filter)
      throws InterruptedException {
    return page(
        after,
        (consumer, _) ->
            new LaterMatches(new PageReading(topic, consumer, filter, limit, PAGE_LIMIT))
                .from(after));
  }

  /// Reads a page.
  @FunctionalInterface
  private interface Reading {
    MatchPage read(Consumer<byte[], byte[]> consumer, int partitions);
  }

  private MatchPage page(@Nullable Positions asked, Reading reading) throws InterruptedException {
    if (!pages.tryAcquire()) {
      throw new SubscriptionRefusedException(
          "matches: %d pages are read (expected: at most %d; try again, or raise mekiki.query.max-replays)"
              .formatted(limits.replays(), limits.replays()));
    }
    try {
      int partitions = shared.reached(PAGE_LIMIT).offsets().size();
      if (asked != null && asked.offsets().size() != partitions) {
        throw new IllegalArgumentException(
            "%d positions (expected: %d)".formatted(asked.offsets().size(), partitions));
      }
      try (MatchTopic.Opened opened = topic.open()) {
        return reading.read(opened.consumer(), partitions);
      }
    } finally {
      pages.release();
    }
  }

  /// Number of subscriptions.
  public int subscriptions() {
    return subscriptions.size();
  }

  /// Ends all subscriptions and stops reading, within about two seconds.
  @Override
  public void close() {
    closed = true;
    try {
      shared.close();
      // An interrupted consumer reports an error, so each subscription may first end by itself.
      Instant limit = Instant.now().plus(CLOSE_LIMIT);
      for (Thread thread : subscriptions.values()) {
        Duration left = Duration.between(Instant.now(), limit);
        if (!left.isPositive() || !thread.join(left)) {
          thread.interrupt();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.mekiki.query.matches;

import dev.mekiki.schemas.v1.Match;
import java.time.Duration;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

/// The reading of one page of matches, with what bounds it: a time limit and a number of records.
/// For one thread; blocks.
final class PageReading {
  /// Records read for one page at most, so that a filter that nothing passes costs little.
  static final int MAX_READ = 20_000;

  private static final Duration POLL = Duration.ofMillis(200);

  private final MatchTopic topic;
  private final Consumer<byte[], byte[]> consumer;
  private final Predicate<Match> filter;
  private final int limit;
  private final long deadline;
  private int read;

  /// @param consumer stays the caller's to close
  /// @param filter which matches are wanted
  /// @param limit most of them
  /// @param patience how long to read at most
  PageReading(
      MatchTopic topic,
      Consumer<byte[], byte[]> consumer,
      Predicate<Match> filter,
      int limit,
      Duration patience) {
    this.topic = topic;
    this.consumer = consumer;
    this.filter = filter;
    this.limit = limit;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  MatchTopic topic() {
    return topic;
  }

  Consumer<byte[], byte[]> consumer() {
    return consumer;
  }

  int limit() {
    return limit;
  }

  ConsumerRecords<byte[], byte[]> poll() {
    return consumer.poll(POLL);
  }

  /// Counts a record as read.
  ///
  /// @return its match; null where it holds none that is wanted
  @Nullable Match read(ConsumerRecord<byte[], byte[]> record) {
    read++;
    Match match = topic.match(record);
    return match != null && filter.test(match) ? match : null;
  }

  boolean hasRead() {
    return read > 0;
  }

  /// Whether as many records are read as one page may cost.
  boolean isExhausted() {
    return read >= MAX_READ;
  }

  boolean isLate() {
    return System.nanoTime() > deadline;
  }

  /// The error where no page can be made in time.
  MatchesUnavailableException late() {
    return new MatchesUnavailableException(
        "topic %s: its records did not come in time (expected: brokers that answer; try again)"
            .formatted(topic.name()));
  }
}

package dev.mekiki.query.matches;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.schemas.v1.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Reads the topic forwards, for one page of matches behind a place. For one thread; blocks.
final class LaterMatches {
  private static final Duration POLL = Duration.ofMillis(200);

  private final MatchTopic topic;
  private final Consumer<byte[], byte[]> consumer;
  private final Predicate<Match> filter;
  private final int limit;
  private final long deadline;
  private final List<Match> matches = new ArrayList<>();
  private int read;

  /// @param consumer stays the caller's to close
  /// @param filter which matches are wanted
  /// @param limit most of them
  /// @param patience how long to read at most
  LaterMatches(
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

  /// The matches from a place on, up to the present.
  ///
  /// @param start inclusive; where it lies outside the topic, what the topic holds
  /// @throws MatchesUnavailableException where Kafka gives nothing in time
  MatchPage from(Positions start) {
    int partitions = start.offsets().size();
    Positions end = topic.end(consumer, partitions);
    Positions at = start.atMost(end).atLeast(topic.beginning(consumer, partitions));
    List<TopicPartition> all = topic.partitions(partitions);
    consumer.assign(all);
    for (TopicPartition partition : all) {
      consumer.seek(partition, at.offset(partition.partition()));
    }
    while (at.isBefore(end) && !isFull()) {
      if (System.nanoTime() > deadline) {
        if (read == 0) {
          throw new MatchesUnavailableException(
              "topic %s: its records did not come in time (expected: brokers that answer; try again)"
                  .formatted(topic.name()));
        }
        break;
      }
      at = take(consumer.poll(POLL), end, at);
    }
    matches.sort(Comparator.comparingLong(match -> Timestamps.toMillis(match.getMatchTime())));
    return new MatchPage(matches, null, at);
  }

  private boolean isFull() {
    return matches.size() >= limit || read >= MatchHistory.MAX_READ;
  }

  /// @return where to go on
  private Positions take(
      Iterable<ConsumerRecord<byte[], byte[]>> records, Positions end, Positions from) {
    Positions at = from;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (isFull()) {
        return at;
      }
      if (record.offset() < end.offset(record.partition())) {
        read++;
        at = at.with(record.partition(), record.offset() + 1);
        Match match = topic.match(record);
        if (match != null && filter.test(match)) {
          matches.add(match);
        }
      }
    }
    // All that was given was taken: behind it only marks of transactions were passed over.
    for (TopicPartition partition : consumer.assignment()) {
      int number = partition.partition();
      long passed = Math.min(consumer.position(partition), end.offset(number));
      at = at.with(number, Math.max(at.offset(number), passed));
    }
    return at;
  }
}

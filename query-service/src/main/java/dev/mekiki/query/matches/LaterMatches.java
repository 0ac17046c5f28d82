package dev.mekiki.query.matches;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.schemas.v1.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Reads the topic forwards, for one page of matches behind a place. For one thread; blocks.
final class LaterMatches {
  private final PageReading reading;
  private final MatchTopic topic;
  private final Consumer<byte[], byte[]> consumer;
  private final List<Match> matches = new ArrayList<>();

  LaterMatches(PageReading reading) {
    this.reading = reading;
    this.topic = reading.topic();
    this.consumer = reading.consumer();
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
      if (reading.isLate()) {
        if (!reading.hasRead()) {
          throw reading.late();
        }
        break;
      }
      at = take(reading.poll(), end, at);
    }
    matches.sort(Comparator.comparingLong(match -> Timestamps.toMillis(match.getMatchTime())));
    return new MatchPage(matches, null, at);
  }

  private boolean isFull() {
    return matches.size() >= reading.limit() || reading.isExhausted();
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
        at = at.with(record.partition(), record.offset() + 1);
        Match match = reading.read(record);
        if (match != null) {
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

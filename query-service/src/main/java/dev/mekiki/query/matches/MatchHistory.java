package dev.mekiki.query.matches;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.schemas.v1.Match;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads the topic backwards, for one page of matches: each partition in windows from its end, all
/// merged by the time of the match. For one thread; blocks.
final class MatchHistory {
  private static final int MIN_WINDOW = 20;

  private final PageReading reading;
  private final MatchTopic topic;
  private final Consumer<byte[], byte[]> consumer;
  private final List<Tail> tails = new ArrayList<>();

  /// What was read of a partition and not taken yet, the newest first.
  private static final class Tail {
    final TopicPartition partition;
    final long beginning;
    final Deque<Found> found = new ArrayDeque<>();

    /// All from here on was read.
    long from;

    /// All from here on was taken, or is none.
    long taken;

    Tail(TopicPartition partition, long beginning, long end) {
      this.partition = partition;
      this.beginning = beginning;
      this.from = end;
      this.taken = end;
    }

    boolean isOver() {
      return found.isEmpty() && from <= beginning;
    }
  }

  private record Found(long offset, Match match) {}

  MatchHistory(PageReading reading) {
    this.reading = reading;
    this.topic = reading.topic();
    this.consumer = reading.consumer();
  }

  /// The matches before a position.
  ///
  /// @param end exclusive
  /// @throws MatchesUnavailableException where Kafka does not give them in time
  MatchPage before(Positions end) {
    int partitions = end.offsets().size();
    Positions beginning = topic.beginning(consumer, partitions);
    for (TopicPartition partition : topic.partitions(partitions)) {
      int number = partition.partition();
      // What was deleted since the last page is passed over.
      tails.add(
          new Tail(
              partition,
              beginning.offset(number),
              Math.max(beginning.offset(number), end.offset(number))));
    }
    List<Match> matches = new ArrayList<>();
    while (matches.size() < reading.limit() && fill()) {
      Tail newest = newest();
      if (newest == null) {
        break;
      }
      Found found = newest.found.removeFirst();
      newest.taken = found.offset;
      matches.add(found.match);
    }
    boolean isOver = tails.stream().allMatch(Tail::isOver);
    return new MatchPage(matches, isOver ? null : next(), null);
  }

  private Positions next() {
    return new Positions(
        tails.stream().map(tail -> tail.found.isEmpty() ? tail.from : tail.taken).toList());
  }

  private @Nullable Tail newest() {
    Tail newest = null;
    for (Tail tail : tails) {
      if (!tail.found.isEmpty() && (newest == null || time(tail) > time(newest))) {
        newest = tail;
      }
    }
    return newest;
  }

  private static long time(Tail tail) {
    return Timestamps.toMillis(tail.found.getFirst().match.getMatchTime());
  }

  /// Reads until each partition has a match, or has none.
  ///
  /// @return false where that would take too many records
  private boolean fill() {
    while (true) {
      List<Tail> empty =
          tails.stream().filter(tail -> tail.found.isEmpty() && !tail.isOver()).toList();
      if (empty.isEmpty()) {
        return true;
      }
      if (reading.isExhausted()) {
        return false;
      }
      readWindows(empty);
    }
  }

  /// Reads the next window of each.
  private void readWindows(List<Tail> windows) {
    long size = Math.max(MIN_WINDOW, 2L * reading.limit() / tails.size());
    List<Positioned> positioned = new ArrayList<>();
    for (Tail tail : windows) {
      positioned.add(new Positioned(tail, Math.max(tail.beginning, tail.from - size)));
    }
    consumer.assign(windows.stream().map(tail -> tail.partition).toList());
    positioned.forEach(window -> consumer.seek(window.tail.partition, window.start));
    List<Deque<Found>> found = new ArrayList<>();
    positioned.forEach(_ -> found.add(new ArrayDeque<>()));
    while (positioned.stream()
        .anyMatch(window -> consumer.position(window.tail.partition) < window.tail.from)) {
      if (reading.isLate()) {
        throw reading.late();
      }
      for (ConsumerRecord<byte[], byte[]> record : reading.poll()) {
        int index = indexOf(positioned, record.partition());
        if (record.offset() < positioned.get(index).tail.from) {
          Match match = reading.read(record);
          if (match != null) {
            found.get(index).addFirst(new Found(record.offset(), match));
          }
        }
      }
    }
    for (int i = 0; i < positioned.size(); i++) {
      Tail tail = positioned.get(i).tail;
      tail.from = positioned.get(i).start;
      tail.found.addAll(found.get(i));
    }
  }

  private record Positioned(Tail tail, long start) {}

  private static int indexOf(List<Positioned> windows, int partition) {
    for (int i = 0; i < windows.size(); i++) {
      if (windows.get(i).tail.partition.partition() == partition) {
        return i;
      }
    }
    throw new IllegalStateException("partition %d is not read".formatted(partition));
  }
}

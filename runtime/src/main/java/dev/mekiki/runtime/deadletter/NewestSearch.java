package dev.mekiki.runtime.deadletter;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/// Looks for the newest dead letters of a kind from the ends of all partitions backwards, and no
/// further than it has to. It takes for granted that older records stand before newer ones: where a
/// stretch holds nothing newer than what was found already, nothing before it does.
final class NewestSearch {
  /// The length of the first stretch of a partition; each further one is twice as long.
  private static final int FIRST_STRETCH = 64;

  private final Stretches stretches;
  private final DeadLetterFilter filter;
  private final Function<DeadLetterRecord, DeadLetterStatus> statuses;
  private final int limit;

  /// The oldest first.
  private final PriorityQueue<DeadLetterEntry> found = new PriorityQueue<>(DeadLetterEntry.BY_TIME);

  /// @param limit most dead letters that are found, at least 1
  NewestSearch(
      Stretches stretches,
      DeadLetterFilter filter,
      Function<DeadLetterRecord, DeadLetterStatus> statuses,
      int limit) {
    this.stretches = stretches;
    this.filter = filter;
    this.statuses = statuses;
    this.limit = limit;
  }

  /// What was found, oldest first.
  List<DeadLetterEntry> run() {
    List<Backwards> unread = new ArrayList<>();
    for (TopicPartition partition : stretches.partitions()) {
      unread.add(new Backwards(partition));
    }
    while (!unread.isEmpty()) {
      unread.forEach(Backwards::step);
      unread.removeIf(Backwards::isDone);
    }
    return found.stream().sorted(DeadLetterEntry.BY_TIME).toList();
  }

  private void add(DeadLetterRecord letter) {
    DeadLetterEntry entry = new DeadLetterEntry(letter, statuses.apply(letter));
    if (filter.includes(entry)) {
      found.add(entry);
      if (found.size() > limit) {
        found.remove();
      }
    }
  }

  /// One partition, read in stretches from its end on.
  private final class Backwards {
    private final TopicPartition partition;
    private long end;
    private long length = FIRST_STRETCH;
    private long newest;

    Backwards(TopicPartition partition) {
      this.partition = partition;
      this.end = stretches.end(partition);
    }

    void step() {
      long from = Math.max(stretches.begin(partition), end - length);
      newest = Long.MIN_VALUE;
      stretches.read(
          partition,
          from,
          end,
          letter -> {
            newest = Math.max(newest, letter.timestamp());
            add(letter);
            return true;
          });
      end = from;
      length *= 2;
    }

    boolean isDone() {
      DeadLetterEntry oldest = found.peek();
      boolean full = oldest != null && found.size() == limit;
      // A stretch without any record says nothing about those before it.
      boolean older = full && newest != Long.MIN_VALUE && newest < oldest.letter().timestamp();
      return end <= stretches.begin(partition) || older;
    }
  }
}

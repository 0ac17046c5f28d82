package dev.mekiki.encoder.stream;

import dev.mekiki.encoder.record.Work;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// The records that are read and not committed, of each partition in the order of offsets. Owned by
/// the stream's thread.
final class InFlight {
  private final Map<TopicPartition, Deque<Work>> partitions = new HashMap<>();
  private int records;
  private long bytes;

  void add(Work work) {
    TopicPartition partition = new TopicPartition(work.record().topic(), work.record().partition());
    partitions.computeIfAbsent(partition, _ -> new ArrayDeque<>()).add(work);
    records++;
    bytes += work.bytes();
  }

  int records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return records == 0;
  }

  /// Number of finished records that no unfinished one precedes.
  int committable() {
    int finished = 0;
    for (Deque<Work> works : partitions.values()) {
      for (Work work : works) {
        if (work.outcome() == null) {
          break;
        }
        finished++;
      }
    }
    return finished;
  }

  /// Removes finished records that no unfinished one precedes: what a transaction may take.
  ///
  /// @param limit most of them
  Committable take(int limit) {
    List<Work> work = new ArrayList<>();
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    partitions.forEach((partition, works) -> {
      Work head = works.peek();
      while (work.size() < limit && head != null && head.outcome() != null) {
        work.add(removed(works));
        offsets.put(partition, new OffsetAndMetadata(head.record().offset() + 1));
        head = works.peek();
      }
    });
    return new Committable(work, offsets);
  }

  private Work removed(Deque<Work> works) {
    Work work = works.remove();
    records--;
    bytes -= work.bytes();
    return work;
  }

  boolean isUnfinished(Collection<TopicPartition> some) {
    return some.stream()
        .map(partitions::get)
        .anyMatch(
            works -> works != null && works.stream().anyMatch(work -> work.outcome() == null));
  }

  void drop(Collection<TopicPartition> some) {
    for (TopicPartition partition : some) {
      Deque<Work> works = partitions.remove(partition);
      while (works != null && !works.isEmpty()) {
        Work _ = removed(works);
      }
    }
  }

  void dropAll() {
    partitions.clear();
    records = 0;
    bytes = 0;
  }

  /// What a transaction takes.
  ///
  /// @param work in the order of offsets within each partition
  /// @param offsets where each partition is to be read on
  record Committable(List<Work> work, Map<TopicPartition, OffsetAndMetadata> offsets) {}
}

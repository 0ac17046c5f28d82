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

  /// Whether waiting for these partitions soon makes more of them committable: it does not where a
  /// reference comes first, which takes as long as others need.
  boolean isUnfinished(Collection<TopicPartition> some) {
    return some.stream()
        .map(partitions::get)
        .anyMatch(works -> works != null && isWorthWaitingFor(works));
  }

  private static boolean isWorthWaitingFor(Collection<Work> works) {
    for (Work work : works) {
      if (work.outcome() == null) {
        return !work.isReference();
      }
    }
    return false;
  }

  /// What is in flight of each partition that waits for a reference.
  Map<TopicPartition, Load> withReferences() {
    Map<TopicPartition, Load> loads = new HashMap<>();
    partitions.forEach((partition, works) -> {
      long sum = 0;
      boolean waits = false;
      for (Work work : works) {
        sum += work.bytes();
        waits |= work.isReference() && work.outcome() == null;
      }
      if (waits) {
        loads.put(partition, new Load(works.size(), sum));
      }
    });
    return loads;
  }

  void drop(Collection<TopicPartition> some) {
    for (TopicPartition partition : some) {
      Deque<Work> works = partitions.remove(partition);
      while (works != null && !works.isEmpty()) {
        removed(works).drop();
      }
    }
  }

  void dropAll() {
    partitions.values().forEach(works -> works.forEach(Work::drop));
    partitions.clear();
    records = 0;
    bytes = 0;
  }

  /// How much is in flight.
  record Load(int records, long bytes) {}

  /// What a transaction takes.
  ///
  /// @param work in the order of offsets within each partition
  /// @param offsets where each partition is to be read on
  record Committable(List<Work> work, Map<TopicPartition, OffsetAndMetadata> offsets) {}
}

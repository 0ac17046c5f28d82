package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.testbed.TopicTail;
import dev.mekiki.runtime.kafka.KafkaClients;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// A read-committed consumer, on a thread of its own, of a topic keyed by the ids of numbered
/// images: when each number was first seen, and how often. Thread-safe.
final class MatchWatch implements AutoCloseable {
  private final AtomicLongArray firstNanos;
  private final AtomicIntegerArray counts;
  private final AtomicInteger images = new AtomicInteger();
  private final TopicTail tail;

  /// @param topic `matches`, or another keyed by image id
  /// @param numbers upper limit of the images' numbers, exclusive
  MatchWatch(KafkaClients clients, String topic, int numbers) {
    firstNanos = new AtomicLongArray(numbers);
    counts = new AtomicIntegerArray(numbers);
    tail = new TopicTail(clients, topic, this::see);
  }

  private void see(ConsumerRecord<String, byte[]> record) {
    int number = ImageIds.number(record.key());
    if (counts.getAndIncrement(number) == 0) {
      firstNanos.set(number, System.nanoTime());
      images.incrementAndGet();
    }
  }

  /// Images seen at least once.
  int images() {
    return images.get();
  }

  /// Records seen of an image.
  int count(int number) {
    return counts.get(number);
  }

  /// When the first was seen, by {@link System#nanoTime}, if {@link #count} is above 0.
  long firstNanos(int number) {
    return firstNanos.get(number);
  }

  @Override
  public void close() {
    tail.close();
  }
}

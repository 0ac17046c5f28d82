package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// A read-committed consumer, on a thread of its own, of a topic keyed by the ids of numbered
/// images: when each number was first seen, and how often. Thread-safe.
final class MatchWatch implements AutoCloseable {
  private final AtomicLongArray firstNanos;
  private final AtomicIntegerArray counts;
  private final AtomicInteger images = new AtomicInteger();
  private final KafkaConsumer<String, byte[]> consumer;
  private final Thread thread;

  /// @param topic `matches`, or another keyed by image id
  /// @param numbers upper limit of the images' numbers, exclusive
  MatchWatch(KafkaClients clients, String topic, int numbers) {
    firstNanos = new AtomicLongArray(numbers);
    counts = new AtomicIntegerArray(numbers);
    consumer =
        new KafkaConsumer<>(
            clients.consumer(), new StringDeserializer(), new ByteArrayDeserializer());
    consumer.assign(
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList());
    thread = Thread.ofPlatform().daemon().name("bench-watch-" + topic).start(this::run);
  }

  private void run() {
    try (consumer) {
      while (true) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          int number = ImageIds.number(record.key());
          if (counts.getAndIncrement(number) == 0) {
            firstNanos.set(number, System.nanoTime());
            images.incrementAndGet();
          }
        }
      }
    } catch (WakeupException e) {
      // Thrown by close(), which is how the loop ends.
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
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

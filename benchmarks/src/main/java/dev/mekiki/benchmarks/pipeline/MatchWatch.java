package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.testbed.TopicTail;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.runtime.match.QuarantineEvents;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// A read-committed consumer, on a thread of its own, of a topic keyed by the ids of numbered
/// images: when each number was first seen, and how often. Thread-safe.
final class MatchWatch implements AutoCloseable {
  private final AtomicLongArray firstNanos;
  private final AtomicIntegerArray counts;
  private final AtomicInteger images = new AtomicInteger();
  private final AtomicInteger quarantines = new AtomicInteger();
  private final TopicTail tail;

  /// @param topic `matches`, or another keyed by image id
  /// @param numbers upper limit of the images' numbers, exclusive
  MatchWatch(KafkaClients clients, String topic, int numbers) {
    firstNanos = new AtomicLongArray(numbers);
    counts = new AtomicIntegerArray(numbers);
    tail = new TopicTail(clients, topic, this::see);
  }

  private void see(ConsumerRecord<String, byte[]> record) {
    Header type = record.headers().lastHeader("ce_type");
    if (type != null
        && Arrays.equals(type.value(), QuarantineEvents.TYPE.getBytes(StandardCharsets.UTF_8))) {
      quarantines.incrementAndGet();
      return;
    }
    if (!MatchEvents.reportsPair(record.headers())) {
      return;
    }
    int number = ImageIds.number(record.key());
    if (counts.getAndIncrement(number) == 0) {
      firstNanos.set(number, System.nanoTime());
      images.incrementAndGet();
    }
  }

  /// Events about quarantines.
  int quarantines() {
    return quarantines.get();
  }

  /// Images seen at least once.
  int images() {
    return images.get();
  }

  /// Images from a number on that were seen at least once.
  int imagesFrom(int number) {
    int seen = 0;
    for (int image = number; image < counts.length(); image++) {
      seen += counts.get(image) > 0 ? 1 : 0;
    }
    return seen;
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

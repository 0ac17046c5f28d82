package dev.mekiki.benchmarks.scale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// A read-committed consumer of `matches`, on a thread of its own, that counts how often each pair
/// of numbered images was reported. Thread-safe.
final class PairWatch implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<Pair, Integer> counts = new HashMap<>();
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;

  /// Numbers of two images, the smaller one first.
  private record Pair(int first, int second) {
    static Pair of(int a, int b) {
      return new Pair(Math.min(a, b), Math.max(a, b));
    }
  }

  /// @param topic `matches`
  PairWatch(KafkaClients clients, String topic) {
    consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList());
    thread = Thread.ofPlatform().daemon().name("bench-watch-" + topic).start(this::run);
  }

  private void run() {
    try (consumer) {
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          JsonNode match = JSON.readTree(record.value());
          count(Pair.of(number(match, "later"), number(match, "earlier")));
        }
      }
    } catch (WakeupException e) {
      // Thrown by close(), which is how the loop ends.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int number(JsonNode match, String side) {
    return ImageIds.number(match.get(side).get("id").asText());
  }

  private synchronized void count(Pair pair) {
    counts.merge(pair, 1, Integer::sum);
  }

  /// Pairs reported at least once.
  synchronized int pairs() {
    return counts.size();
  }

  /// Events beyond the first of their pair.
  synchronized long duplicates() {
    return counts.values().stream().mapToLong(count -> count - 1).sum();
  }

  /// Whether the pairs reported are exactly those of the first images.
  synchronized boolean isComplete(MadeUpImages images, int to) {
    for (int number = 0; number < to; number++) {
      if (images.isCopy(number) && !counts.containsKey(Pair.of(number, images.original(number)))) {
        return false;
      }
    }
    return counts.size() == images.copies(0, to);
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

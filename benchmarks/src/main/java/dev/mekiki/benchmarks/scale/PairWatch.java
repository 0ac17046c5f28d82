package dev.mekiki.benchmarks.scale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.benchmarks.testbed.TopicTail;
import dev.mekiki.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/// A read-committed consumer of `matches`, on a thread of its own, that counts how often each pair
/// of numbered images was reported. Thread-safe.
final class PairWatch implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<Pair, Integer> counts = new HashMap<>();
  private final TopicTail tail;

  /// Numbers of two images, the smaller one first.
  private record Pair(int first, int second) {
    static Pair of(int a, int b) {
      return new Pair(Math.min(a, b), Math.max(a, b));
    }
  }

  /// @param topic `matches`
  PairWatch(KafkaClients clients, String topic) {
    tail = new TopicTail(clients, topic, record -> count(record.value()));
  }

  private void count(byte[] value) {
    try {
      JsonNode match = JSON.readTree(value);
      count(Pair.of(number(match, "later"), number(match, "earlier")));
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
    tail.close();
  }
}

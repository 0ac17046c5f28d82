package dev.mekiki.benchmarks.testbed;

import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.lifecycle.Threads;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Reads all of a topic, and what comes later, on a thread of its own until it is closed.
public final class TopicTail implements AutoCloseable {
  private final Consumer<ConsumerRecord<String, byte[]>> records;
  private final KafkaConsumer<String, byte[]> consumer;
  private final Thread thread;

  /// @param topic one with text as keys
  /// @param records takes each record, on the thread that reads
  public TopicTail(
      KafkaClients clients, String topic, Consumer<ConsumerRecord<String, byte[]>> records) {
    this.records = records;
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
        consumer.poll(Duration.ofSeconds(1)).forEach(records);
      }
    } catch (WakeupException e) {
      // Thrown by close(), which is how the loop ends.
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
    Threads.join(thread);
  }
}

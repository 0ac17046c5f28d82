package dev.mekiki.launcher.demo;

import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.image.ImageId;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Writes images to the `images` topic.
final class PictureSender implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  PictureSender(KafkaClients clients, String topic) {
    Map<String, Object> properties = clients.producer();
    // Each image goes at once: waiting for company would be counted as the service's time.
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    this.topic = topic;
  }

  /// Hands an image to the producer.
  void send(String id, byte[] image) {
    var _ =
        producer.send(
            new ProducerRecord<>(topic, new ImageId(id).toBytes(), image),
            (metadata, e) -> {
              if (e != null) {
                failure.compareAndSet(null, e);
              }
            });
  }

  /// Waits until the broker has everything.
  ///
  /// @throws IllegalStateException where it refused an image
  void flush() {
    producer.flush();
    Exception e = failure.get();
    if (e != null) {
      throw new IllegalStateException("an image could not be sent", e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}

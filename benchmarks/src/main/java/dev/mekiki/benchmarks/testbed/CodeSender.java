package dev.mekiki.benchmarks.testbed;

import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ImageCode;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/// Writes the codes of made-up images to `image-codes`, as an encoder does.
public final class CodeSender implements AutoCloseable {
  private static final int BATCH_BYTES = 128 << 10;

  private final MadeUpImages images;
  private final String topic;
  private final KafkaProducer<String, ImageCode> producer;

  public CodeSender(KafkaClients clients, Topics topics, MadeUpImages images) {
    this.images = images;
    topic = topics.imageCodes(MadeUpImages.NETWORK);
    Map<String, Object> settings = clients.producer();
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    producer =
        new KafkaProducer<>(
            settings,
            new StringSerializer(),
            ProtobufSerde.of(ImageCode.getDefaultInstance()).serializer());
  }

  /// Hands the code of an image to the producer.
  public void send(int number) {
    var _ = producer.send(new ProducerRecord<>(topic, ImageIds.of(number), images.record(number)));
  }

  /// Waits until the broker has everything.
  public void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }
}

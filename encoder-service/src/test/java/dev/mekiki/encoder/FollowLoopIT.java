package dev.mekiki.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.encoder.follow.FollowLoop;
import dev.mekiki.encoder.follow.Step;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.kafka.KafkaFailures;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.topic.TopicSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FollowLoopIT {
  private static final int RECORDS = 40;

  @TempDir private Path directory;

  /// The limit of each record that waits would have to pass before the loop ends otherwise.
  @Test
  @Timeout(120)
  void loopEndsSoonWithMuchWorkLeft() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
        TestTopics topics =
            new TestTopics(TestTopics.config(broker.bootstrapServers(), "follow", Map.of()))) {
      String images = topics.names().images();
      TopicProvisioner.ensure(
          topics.clients(),
          List.of(TopicSpec.images(topics.names(), 1, (short) 1, TestTopics.IMAGE_BYTES)));
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              topics.clients().producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
        for (int i = 0; i < RECORDS; i++) {
          var _ = producer.send(new ProducerRecord<>(images, new byte[] {1}));
        }
      }
      AtomicInteger begun = new AtomicInteger();
      FailureOwner failures = new FailureOwner("test", new SimpleMeterRegistry());
      FollowLoop loop =
          new FollowLoop(
              "test",
              new FollowLoop.Settings(images, 1, Duration.ofSeconds(60)),
              new FollowLoop.Clients(
                  topics.clients().consumer("follow"),
                  topics.clients().transactionalProducer("follow")),
              new Endless(begun),
              failures.component("follow", FailurePolicy.standard(KafkaFailures::kind)));
      loop.start();
      await().atMost(Duration.ofSeconds(60)).until(() -> begun.get() > 0);

      long start = System.nanoTime();
      loop.close();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      assertThat(begun).hasValue(1);
      assertThat(failures.failures()).isZero();
    }
  }

  private record Endless(AtomicInteger begun) implements Step {
    @Override
    public List<ProducerRecord<byte[], byte[]>> run(ConsumerRecord<byte[], byte[]> record) {
      begun.incrementAndGet();
      try {
        Thread.sleep(Duration.ofHours(1));
      } catch (InterruptedException e) {
        // As native code, which comes to an end of its own.
        return List.of();
      }
      return List.of();
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> failed(
        ConsumerRecord<byte[], byte[]> record, Throwable reason) {
      return List.of();
    }
  }
}

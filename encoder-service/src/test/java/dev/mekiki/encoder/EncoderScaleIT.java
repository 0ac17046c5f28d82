package dev.mekiki.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.encoder.reference.ImageServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Encoders that wait for their images, as for a slow object store, so that their number decides
/// and not the cores of the machine.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class EncoderScaleIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration SLOW = Duration.ofMillis(250);
  private static final Duration MEASURED = Duration.ofSeconds(15);
  private static final int WAITING = 1200;

  @TempDir private Path directory;

  @Test
  void anEncoderAddedUnderLagRaisesThroughput() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
        ImageServer server =
            ImageServer.start(exchange -> {
              Thread.sleep(SLOW);
              ImageServer.send(
                  exchange,
                  SampleImages.jpeg(
                      Integer.parseInt(exchange.getRequestURI().getPath().substring(1))));
            });
        EncoderService first = EncoderService.start(config(broker, "first"));
        TestTopics own = new TestTopics(config(broker, "sender"))) {
      first.awaitReady(LIMIT);
      for (int i = 0; i < WAITING; i++) {
        own.enqueue(reference(own, i, server));
      }
      own.flush();
      String codes = own.names().imageCodes(first.generation().getNetwork());
      await().pollInSameThread().atMost(LIMIT).until(() -> own.all(codes).size() > 10);
      double alone = rate(own, codes);
      double together;
      try (EncoderService second = EncoderService.start(config(broker, "second"))) {
        await()
            .atMost(LIMIT)
            .until(() -> EncoderMetric.value(second, "mekiki_encoder_images_total") > 5);
        together = rate(own, codes);
      }
      System.out.printf("images a second: one encoder %.1f, two %.1f%n", alone, together);
      assertThat(own.all(codes).size()).isLessThan(WAITING);
      assertThat(together / alone).isGreaterThan(1.5);
    }
  }

  /// Images a second that were encoded in the time that follows.
  private static double rate(TestTopics own, String codes) throws InterruptedException {
    int before = own.all(codes).size();
    long begin = System.nanoTime();
    Thread.sleep(MEASURED);
    int after = own.all(codes).size();
    return (after - before) / ((System.nanoTime() - begin) / 1e9);
  }

  private static ProducerRecord<byte[], byte[]> reference(
      TestTopics topics, int number, ImageServer server) {
    ProducerRecord<byte[], byte[]> record = topics.record("image-" + number, null);
    record.headers().add("ce_dataref", server.uri("/" + number).getBytes(UTF_8));
    return record;
  }

  private static EncoderConfig config(EmbeddedBroker broker, String instance) {
    Map<String, String> keys = new HashMap<>();
    keys.put("mekiki.encoder.instance-id", instance);
    keys.put("mekiki.encoder.decoders", "1");
    // Half of them for one server.
    keys.put("mekiki.encoder.references.at-once", "4");
    keys.put("mekiki.encoder.references.allowed", "http://");
    keys.put("mekiki.encoder.references.private-networks", "127.0.0.0/8");
    return TestTopics.config(broker.bootstrapServers(), "scaled", keys);
  }
}

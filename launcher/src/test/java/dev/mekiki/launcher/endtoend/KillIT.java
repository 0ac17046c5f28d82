package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.client.MekikiException;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.topic.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 of the process that everything runs in, in the middle of its work.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class KillIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir private Path directory;

  @Test
  void nothingIsLostAndNothingDoubledWhenAllInOneIsKilledUnderLoad() throws Exception {
    SampleSet photos = TestPictures.photos(300, 60);
    List<String> ids = photos.pictures().stream().map(SamplePicture::id).toList();
    int brokerPort = freePort();
    int port = freePort();
    String bootstrap = "127.0.0.1:" + brokerPort;
    CompletableFuture<Void> sending;

    try (CommandLineProcess first = up(brokerPort, port);
        MatchLog matches = new MatchLog(bootstrap)) {
      sending = CompletableFuture.runAsync(() -> send(photos, bootstrap));
      await().atMost(LIMIT).until(() -> matches.read().size() >= 20);
      assertThat(sending).as("the load that the kill is to fall into").isNotDone();
      first.kill();
    }
    try (CommandLineProcess second = up(brokerPort, port);
        MekikiClient api = MekikiClient.of("127.0.0.1:" + port);
        MatchLog matches = new MatchLog(bootstrap)) {
      sending.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      await()
          .atMost(LIMIT)
          .ignoreExceptionsInstanceOf(MekikiException.class)
          .until(() -> api.status().getImages() == ids.size());
      Oracle oracle = new Oracle(api, ids);

      await().atMost(LIMIT).until(() -> matches.readUntilQuiet().size() >= oracle.pairs().size());
      oracle.assertMatchesAreExactlyThePairs(matches.readUntilQuiet());
      second.kill();
    }
  }

  /// Sends everything as a client that rides out the broker's absence; every image is acknowledged.
  private static void send(SampleSet photos, String bootstrapServers) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                "max.block.ms",
                LIMIT.toMillis(),
                "delivery.timeout.ms",
                Math.toIntExact(LIMIT.toMillis())),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (SamplePicture picture : photos.pictures()) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    Topics.withDefaultPrefix().images(),
                    picture.id().getBytes(StandardCharsets.UTF_8),
                    photos.bytes(picture))));
      }
      for (Future<RecordMetadata> record : sent) {
        record.get();
      }
    } catch (IOException | InterruptedException | ExecutionException e) {
      throw new IllegalStateException("an image was not acknowledged", e);
    }
  }

  private CommandLineProcess up(int brokerPort, int port) throws IOException {
    CommandLineProcess process =
        CommandLineProcess.start(
            directory.resolve("stderr"),
            "up",
            "--data",
            directory.resolve("data").toString(),
            "--broker-port",
            Integer.toString(brokerPort),
            "--port",
            Integer.toString(port),
            "--set",
            "mekiki.encoder.port=0",
            "--set",
            "mekiki.index.port=0");
    process.awaitLine("ready after");
    return process;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

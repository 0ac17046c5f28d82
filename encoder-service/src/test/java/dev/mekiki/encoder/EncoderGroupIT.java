package dev.mekiki.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpStatus;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.schemas.v1.Generation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Several encoders of one group: they share the work, and what one leaves behind the others do.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class EncoderGroupIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path directory;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void twoEncodersShareTheWorkAndOneTakesOver() throws Exception {
    EncoderConfig first = TestTopics.config(broker.bootstrapServers(), "pair", Map.of());
    EncoderConfig second =
        TestTopics.config(
            broker.bootstrapServers(), "pair", Map.of("mekiki.encoder.instance-id", "second"));
    try (TestTopics own = new TestTopics(first);
        EncoderService remaining = EncoderService.start(first)) {
      remaining.awaitReady(Duration.ofSeconds(30));
      String codes = own.names().imageCodes(remaining.generation().getNetwork());
      enqueue(own, 0, 150);
      try (EncoderService leaving = EncoderService.start(second)) {
        leaving.awaitReady(Duration.ofSeconds(30));
        // Until both have a share of what is sent now.
        int sent = enqueueUntil(own, 150, () -> encoded(leaving) > 10);
        enqueue(own, sent, 1000);
        assertThat(encoded(remaining)).isPositive();
      }
      own.flush();
      await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(90))
          .until(() -> own.all(codes).size() >= 1000);
      assertThat(TestTopics.ids(own.all(codes))).hasSize(1000).doesNotHaveDuplicates();
      assertThat(own.all(own.names().imagesDlq())).isEmpty();
    }
  }

  @Test
  void anEncoderBeyondThePartitionsWaitsAndTakesOver() throws Exception {
    Map<String, String> one = Map.of("mekiki.topics.partitions", "1");
    EncoderConfig first = TestTopics.config(broker.bootstrapServers(), "beyond", one);
    EncoderConfig second =
        TestTopics.config(
            broker.bootstrapServers(),
            "beyond",
            Map.of("mekiki.topics.partitions", "1", "mekiki.encoder.instance-id", "second"));
    EncoderService leaving = EncoderService.start(first);
    try (EncoderService waiting = EncoderService.start(second)) {
      waiting.awaitReady(Duration.ofSeconds(30));
      leaving.awaitReady(Duration.ofSeconds(30));
      await().atMost(LIMIT).until(() -> partitions(leaving) + partitions(waiting) == 1);
      await().during(Duration.ofSeconds(1)).until(() -> waiting.isReady());
      leaving.close();
      await().atMost(LIMIT).until(() -> partitions(waiting) == 1);
    } finally {
      leaving.close();
    }
  }

  @Test
  void ofTwoEncodersWithOneInstanceIdOneStopsAndSaysWhy() throws Exception {
    EncoderConfig config = TestTopics.config(broker.bootstrapServers(), "twins", Map.of());
    try (TestTopics own = new TestTopics(config);
        EncoderService first = EncoderService.start(config);
        EncoderService second = EncoderService.start(config)) {
      String codes = own.names().imageCodes(first.generation().getNetwork());
      CompletableFuture<Throwable> firstFailure = first.failure().toCompletableFuture();
      CompletableFuture<Throwable> secondFailure = second.failure().toCompletableFuture();
      int sent = enqueueUntil(own, 0, () -> firstFailure.isDone() || secondFailure.isDone());
      EncoderService stopped = firstFailure.isDone() ? first : second;
      assertThat(stopped.failure().toCompletableFuture().join())
          .hasMessageContaining("another encoder has the same instance id");
      await().until(() -> !stopped.isReady());
      assertThat(WebClient.of("http://" + stopped.address()).blocking().get("/livez").status())
          .isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
      own.flush();
      await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(60))
          .until(() -> own.all(codes).size() >= sent);
      assertThat(TestTopics.ids(own.all(codes))).hasSize(sent).doesNotHaveDuplicates();
    }
  }

  @Test
  void killedEncoderLosesNothingAndWritesNothingTwice() throws Exception {
    EncoderConfig config = TestTopics.config(broker.bootstrapServers(), "killed", Map.of());
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                EncoderProcess.class.getName(),
                broker.bootstrapServers(),
                "killed")
            .redirectErrorStream(true)
            .start();
    try (TestTopics own = new TestTopics(config)) {
      assertThat(awaitLine(process, "READY")).isTrue();
      Generation generation =
          new GenerationRegistry(own.clients(), own.names()).active().orElseThrow();
      String codes = own.names().imageCodes(generation.getNetwork());
      enqueue(own, 0, 600);
      own.flush();
      await()
          .pollInSameThread()
          .pollInterval(Duration.ofMillis(20))
          .atMost(Duration.ofSeconds(30))
          .until(() -> own.all(codes).size() >= 20);
      process.destroyForcibly().waitFor();
      int before = own.all(codes).size();
      try (EncoderService _ = EncoderService.start(config)) {
        await()
            .pollInSameThread()
            .atMost(Duration.ofSeconds(60))
            .until(() -> own.all(codes).size() >= 600);
      }
      System.out.println("killed after " + before + " of 600 codes");
      assertThat(TestTopics.ids(own.all(codes))).hasSize(600).doesNotHaveDuplicates();
      assertThat(own.all(codes))
          .allSatisfy(code ->
              assertThat(own.thumbnailOf(TestTopics.code(code)).map(ConsumerRecord::key))
                  .contains(code.key()));
    } finally {
      process.destroyForcibly();
    }
  }

  private static void enqueue(TestTopics own, int from, int to) {
    IntStream.range(from, to)
        .forEach(i -> own.enqueue(own.record("image-" + i, SampleImages.jpeg(i))));
  }

  /// Sends images, 20 at a time, until something holds.
  ///
  /// @return the number after that of the last image
  private static int enqueueUntil(TestTopics own, int from, BooleanSupplier holds) {
    int[] next = {from};
    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          enqueue(own, next[0], next[0] + 20);
          next[0] += 20;
          return holds.getAsBoolean();
        });
    return next[0];
  }

  private static double encoded(EncoderService service) {
    return EncoderMetric.value(service, "mekiki_encoder_images_total");
  }

  private static double partitions(EncoderService service) {
    return EncoderMetric.value(service, "mekiki_encoder_partitions");
  }

  private static boolean awaitLine(Process process, String line) throws IOException {
    List<String> output = new ArrayList<>();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    for (String next = reader.readLine(); next != null; next = reader.readLine()) {
      output.add(next);
      if (next.equals(line)) {
        // What it logs from now on must not fill the pipe.
        Thread.ofVirtual().start(() -> reader.lines().forEach(_ -> {}));
        return true;
      }
    }
    System.out.println(String.join("\n", output));
    return false;
  }
}

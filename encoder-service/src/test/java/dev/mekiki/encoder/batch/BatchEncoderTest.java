package dev.mekiki.encoder.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.retry.Backoff;
import dev.mekiki.encoder.SampleImages;
import dev.mekiki.encoder.decode.FakeNetwork;
import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.PreparedImage;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.runtime.failure.FailureKind;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class BatchEncoderTest {
  private static ImageEncoder encoder;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FailureOwner failures = new FailureOwner("encoder", meters);

  @BeforeAll
  static void open() {
    encoder = ImageEncoder.open(Bundle.builtIn(), EncoderSettings.defaults());
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void imageThatMakesTheNetworkFailFailsAlone() throws Exception {
    PreparedImage bad = prepared(2);
    try (BatchEncoder batches =
        batches(
            batch -> {
              if (batch.contains(bad)) {
                throw new IllegalStateException("not a number");
              }
            },
            () -> {})) {
      // Announced together, so that they share a batch.
      batches.expect();
      batches.expect();
      batches.expect();
      CompletableFuture<EncodedImage> first = batches.arrive(prepared(1));
      CompletableFuture<EncodedImage> second = batches.arrive(bad);
      CompletableFuture<EncodedImage> third = batches.arrive(prepared(3));

      assertThat(first.get(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(third.get(10, TimeUnit.SECONDS)).isNotNull();
      assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ImageDefectException.class)
          .hasMessageContaining("not a number");
    }
    assertThat(failures.defect()).isEmpty();
  }

  @Test
  void imagesOfTheStreamWaitUntilTheNetworkWorksAgainAndQueriesDoNot() throws Exception {
    AtomicInteger checks = new AtomicInteger();
    try (BatchEncoder batches =
        batches(
            _ -> failUntil(checks, 4),
            () -> {
              checks.incrementAndGet();
              failUntil(checks, 4);
            })) {
      assertThatThrownBy(() -> batches.query(prepared(1)).get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(NetworkUnavailableException.class);
      batches.expect();
      assertThat(batches.arrive(prepared(2)).get(10, TimeUnit.SECONDS)).isNotNull();
    }
    assertThat(
            meters
                .counter(
                    "mekiki.service.component.failures", "component", "network", "kind", "fault")
                .count())
        .isPositive();
  }

  @Test
  void networkThatFailsForEverEndsTheService() throws Exception {
    try (BatchEncoder batches =
        batches(
            _ -> {
              throw new IllegalStateException("no device");
            },
            () -> {
              throw new IllegalStateException("no device");
            })) {
      batches.expect();
      CompletableFuture<EncodedImage> image = batches.arrive(prepared(1));

      assertThat(failures.failure().toCompletableFuture().get(10, TimeUnit.SECONDS))
          .hasMessageContaining("network")
          .hasMessageContaining("no device");
      assertThat(failures.defect()).isPresent();
      assertThatThrownBy(() -> image.get(10, TimeUnit.SECONDS)).isNotNull();
    }
  }

  private static void failUntil(AtomicInteger checks, int enough) {
    if (checks.get() < enough) {
      throw new IllegalStateException("device lost");
    }
  }

  private BatchEncoder batches(Consumer<List<PreparedImage>> failing, Runnable check) {
    return new BatchEncoder(
        new FakeNetwork(failing, check),
        1,
        32,
        Duration.ofSeconds(1),
        new EncoderMetrics(meters),
        failures.component(
            "network",
            FailurePolicy.standard(_ -> FailureKind.FAULT)
                .retrying(Backoff.fixed(5))
                .givingUpAfter(Duration.ZERO, 6)));
  }

  private static PreparedImage prepared(int seed) throws Exception {
    return encoder.prepare(SampleImages.png(seed));
  }
}

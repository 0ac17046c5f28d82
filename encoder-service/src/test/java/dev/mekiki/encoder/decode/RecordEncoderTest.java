package dev.mekiki.encoder.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.encoder.SampleImages;
import dev.mekiki.encoder.batch.BatchEncoder;
import dev.mekiki.encoder.batch.Network;
import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoder.record.ArrivalReader;
import dev.mekiki.encoder.record.DeadLetter;
import dev.mekiki.encoder.record.DeadLetter.Reason;
import dev.mekiki.encoder.record.Work;
import dev.mekiki.encoder.record.Work.Outcome;
import dev.mekiki.encoder.reference.ReferenceFetcher;
import dev.mekiki.encoder.reference.References;
import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodeLimits;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.failure.FailureKind;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.Retention;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class RecordEncoderTest {
  private static final byte[] IMAGE = SampleImages.png(1);
  private static ImageEncoder encoder;

  private static final long NOW = 1_700_000_000_000L;

  private final RecordHeaders headers = new RecordHeaders();
  private Retention retention = Retention.NONE;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EncoderMetrics metrics = new EncoderMetrics(meters);
  private final FailureOwner failures = new FailureOwner("encoder", meters);
  private final FailurePolicy policy = FailurePolicy.standard(_ -> FailureKind.FAULT);

  @BeforeAll
  static void open() {
    encoder = ImageEncoder.open(Bundle.builtIn(), EncoderSettings.defaults());
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void codeNamesTheTopicThatItsRecordWasReadFrom() {
    Outcome outcome = outcome(encoder::prepare, new FakeNetwork(_ -> {}, () -> {}), 0);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Coded.class,
            coded -> assertThat(coded.code().getImagesTopicId()).isEqualTo("topic id"));
  }

  @Test
  void imageForWhichMemoryDoesNotSufficeIsDecodedOnceMoreAlone() {
    AtomicInteger calls = new AtomicInteger();
    ImagePreparer.Step step =
        bytes -> {
          if (calls.incrementAndGet() == 1) {
            throw new OutOfMemoryError("Java heap space");
          }
          return encoder.prepare(bytes);
        };

    assertThat(outcome(step, new FakeNetwork(_ -> {}, () -> {}), 0))
        .isInstanceOf(Outcome.Coded.class);
    assertThat(calls).hasValue(2);
  }

  @Test
  void imageForWhichMemoryNeverSufficesIsADeadLetter() {
    assertDead(
        Reason.OUT_OF_MEMORY,
        outcome(
            _ -> {
              throw new OutOfMemoryError("Java heap space");
            },
            new FakeNetwork(_ -> {}, () -> {}),
            0));
  }

  @Test
  void imageThatEndsItsDecodingProcessIsADeadLetter() {
    for (BadImageException.Reason reason :
        List.of(
            BadImageException.Reason.DECODING_TIMED_OUT,
            BadImageException.Reason.DECODER_CRASHED)) {
      assertDead(
          Reason.valueOf(reason.name()),
          outcome(
              _ -> {
                throw new BadImageException(reason, "image: 5 bytes");
              },
              new FakeNetwork(_ -> {}, () -> {}),
              0));
    }
  }

  @Test
  void partOfAnImageIsMarkedInItsCode() throws Exception {
    byte[] cut = SampleImages.truncatedJpeg();
    assertDead(
        Reason.UNDECODABLE,
        outcome(_ -> encoder.prepare(cut), new FakeNetwork(_ -> {}, () -> {}), 0));
    try (ImageEncoder lenient =
        ImageEncoder.open(
            Bundle.builtIn(),
            EncoderSettings.defaults(),
            new ImageDecoder(new DecodeLimits(1 << 20, 1 << 20, true)))) {
      // Enough of it for half of its rows.
      byte[] whole = SampleImages.jpeg(1);
      byte[] most = Arrays.copyOf(whole, whole.length * 9 / 10);
      Outcome outcome = outcome(_ -> lenient.prepare(most), new FakeNetwork(_ -> {}, () -> {}), 0);
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Coded.class, coded -> assertThat(coded.code().getPartial()).isTrue());
    }
  }

  @Test
  void anyExceptionOfDecodingIsADeadLetter() {
    assertDead(
        Reason.ENCODER_DEFECT,
        outcome(
            _ -> {
              throw new StackOverflowError();
            },
            new FakeNetwork(_ -> {}, () -> {}),
            0));
    // OpenCV throws checked exceptions that it does not declare.
    assertDead(
        Reason.ENCODER_DEFECT,
        outcome(
            _ -> {
              throw RecordEncoderTest.<RuntimeException>undeclared(
                  new IOException("std::exception"));
            },
            new FakeNetwork(_ -> {}, () -> {}),
            0));
  }

  @Test
  void exceptionWhileTheCodeIsBuiltIsADeadLetter() {
    // The code's builder takes no null.
    assertDead(Reason.ENCODER_DEFECT, outcome(encoder::prepare, new NullNetwork(), 0));
  }

  @Test
  void imageThatMakesTheNetworkFailIsADeadLetter() {
    assertDead(
        Reason.ENCODER_DEFECT,
        outcome(
            encoder::prepare,
            new FakeNetwork(
                _ -> {
                  throw new IllegalStateException("not a number");
                },
                () -> {}),
            0));
  }

  @Test
  void timestampBeyondTheYear9999IsADeadLetter() {
    assertDead(
        Reason.BAD_TIMESTAMP,
        outcome(encoder::prepare, new FakeNetwork(_ -> {}, () -> {}), Long.MAX_VALUE));
  }

  @Test
  void codeSaysWhenItsImageExpires() {
    expires(NOW + 1);

    assertThat(outcome(encoder::prepare, new FakeNetwork(_ -> {}, () -> {}), NOW - 1))
        .isInstanceOfSatisfying(
            Outcome.Coded.class,
            coded ->
                assertThat(Timestamps.toMillis(coded.code().getExpireTime())).isEqualTo(NOW + 1));
  }

  @Test
  void imageThatHasExpiredSinceItWasSentIsADeletion() {
    expires(NOW);

    assertThat(outcomeWithoutDecoding(NOW - 1)).isEqualTo(new Outcome.Deleted(new ImageId("a")));
  }

  @Test
  void imageOlderThanImagesAreKeptIsADeletion() {
    retention = new Retention(Duration.ofMinutes(5));
    long end = NOW - Duration.ofMinutes(5).toMillis();

    assertThat(outcomeWithoutDecoding(end)).isEqualTo(new Outcome.Deleted(new ImageId("a")));
    // The retention is no part of the code: another one may hold tomorrow.
    assertThat(outcome(encoder::prepare, new FakeNetwork(_ -> {}, () -> {}), end + 1))
        .isInstanceOfSatisfying(
            Outcome.Coded.class, coded -> assertThat(coded.code().hasExpireTime()).isFalse());
  }

  private void expires(long millis) {
    headers.add(ImageHeaders.EXPIRES, Long.toString(millis).getBytes(UTF_8));
  }

  private Outcome outcomeWithoutDecoding(long timestamp) {
    return outcome(
        _ -> {
          throw new AssertionError("decoded");
        },
        new FakeNetwork(_ -> {}, () -> {}),
        timestamp);
  }

  @Test
  void failureThatNoRecordCausesEndsTheService() {
    assertThat(
            run(
                    _ -> {
                      throw new NoClassDefFoundError("org/opencv/core/Mat");
                    },
                    new FakeNetwork(_ -> {}, () -> {}),
                    0)
                .outcome())
        .isNull();
    assertThat(failures.failure().toCompletableFuture()).isCompleted();
    assertThat(failures.defect()).hasValueSatisfying(text -> assertThat(text).contains("decoding"));
  }

  private static void assertDead(Reason reason, Outcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Dead.class,
            dead -> assertThat(dead.deadLetter()).extracting(DeadLetter::reason).isEqualTo(reason));
  }

  private Outcome outcome(ImagePreparer.Step step, Network network, long timestamp) {
    Outcome outcome = run(step, network, timestamp).outcome();
    return requireNonNull(outcome);
  }

  private Work run(ImagePreparer.Step step, Network network, long timestamp) {
    try (ReferenceFetcher fetcher =
            ReferenceFetcher.open(
                Configuration.of(EncoderConfig.class, Map.of()).encoder().references(),
                1 << 20,
                meters);
        References references = References.ofStream(fetcher, 4 << 20);
        BatchEncoder batches =
            new BatchEncoder(
                network,
                1,
                32,
                Duration.ofMillis(1),
                metrics,
                failures.component("network", policy))) {
      RecordEncoder records =
          new RecordEncoder(
              "0".repeat(16),
              new ArrivalReader(ImageHeaders.TENANT),
              new ImagePreparer(step, metrics),
              batches,
              references,
              failures.component("decoding", policy),
              retention,
              InstantSource.fixed(Instant.ofEpochMilli(NOW)));
      Work work = new Work(record(timestamp), "topic id");
      batches.expect();
      records.run(work, Runnable::run);
      await()
          .until(() -> work.outcome() != null || failures.failure().toCompletableFuture().isDone());
      return work;
    }
  }

  private ConsumerRecord<byte[], byte[]> record(long timestamp) {
    return new ConsumerRecord<>(
        "images",
        0,
        0,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        0,
        "a".getBytes(UTF_8),
        IMAGE,
        headers,
        Optional.empty());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // hides that it is checked
  private static <E extends Exception> E undeclared(Exception e) throws E {
    throw (E) e;
  }
}

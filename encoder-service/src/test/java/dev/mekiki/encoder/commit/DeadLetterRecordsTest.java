package dev.mekiki.encoder.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoder.record.DeadLetter;
import dev.mekiki.encoder.record.DeadLetter.Reason;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DeadLetterRecordsTest {
  private static final int LIMIT = 400_000;
  private static final DeadLetter LETTER = new DeadLetter(Reason.BAD_METADATA, "too much");

  private final DeadLetterRecords records = new DeadLetterRecords("images.dlq", LIMIT);

  @Test
  void whatFitsIsKept() {
    Headers headers = new RecordHeaders().add("kept", new byte[] {1}).add("flag", null);
    ProducerRecord<byte[], byte[]> letter = letter("id", new byte[1000], headers);

    assertThat(letter.key()).isEqualTo("id".getBytes(UTF_8));
    assertThat(letter.value()).hasSize(1000);
    assertThat(letter.headers().lastHeader("kept").value()).containsExactly(1);
    assertThat(letter.headers().lastHeader("flag").value()).isNull();
    assertThat(letter.headers().lastHeader(DeadLetterHeaders.TRUNCATED)).isNull();
  }

  @Test
  void largestHeadersGoBeforeTheImage() {
    Headers headers =
        new RecordHeaders().add("small", new byte[10]).add("large", new byte[1_500_000]);
    ProducerRecord<byte[], byte[]> letter = letter("id", new byte[100_000], headers);

    assertThat(letter.value()).hasSize(100_000);
    assertThat(letter.headers().lastHeader("small")).isNotNull();
    assertThat(letter.headers().lastHeader("large")).isNull();
    assertThat(text(letter, DeadLetterHeaders.TRUNCATED)).contains("1 of 2 headers");
  }

  @Test
  void valueThatDoesNotFitIsLeftOut() {
    ProducerRecord<byte[], byte[]> letter =
        letter("id", new byte[LIMIT], new RecordHeaders().add("small", new byte[10]));

    assertThat(letter.value()).isNull();
    assertThat(letter.headers().lastHeader("small")).isNotNull();
    assertThat(text(letter, DeadLetterHeaders.TRUNCATED)).contains("value of 400000 bytes");
  }

  @Test
  void keyThatDoesNotFitIsLeftOutButForItsBeginning() {
    ProducerRecord<byte[], byte[]> letter =
        letter("k".repeat(LIMIT), new byte[10], new RecordHeaders());

    assertThat(letter.key()).isNull();
    assertThat(text(letter, DeadLetterHeaders.TRUNCATED)).contains("key of 400000 bytes");
    assertThat(text(letter, DeadLetterHeaders.KEY)).startsWith("kkkk").hasSizeLessThan(200);
  }

  @Test
  void deadLetterThatIsSentAgainReplacesItsOwnHeaders() {
    Headers headers =
        new RecordHeaders()
            .add(DeadLetterHeaders.ERROR, "EMPTY".getBytes(UTF_8))
            .add(DeadLetterHeaders.TRUNCATED, new byte[1]);
    ProducerRecord<byte[], byte[]> letter = letter("id", new byte[10], headers);

    assertThat(letter.headers().headers(DeadLetterHeaders.ERROR)).hasSize(1);
    assertThat(letter.headers().lastHeader(DeadLetterHeaders.TRUNCATED)).isNull();
  }

  @Test
  void aRetryThatFailsAgainSaysWhatItIsARetryOf() {
    Headers headers = new RecordHeaders().add(ImageHeaders.RETRY_OF, "dlq/3/17".getBytes(UTF_8));

    assertThat(text(letter("id", new byte[10], headers), ImageHeaders.RETRY_OF))
        .isEqualTo("dlq/3/17");
    assertThat(letter("id", new byte[10], headers).headers().headers(ImageHeaders.RETRY_OF))
        .hasSize(1);
    assertThat(
            letter("id", new byte[10], headers).headers().lastHeader(DeadLetterHeaders.TRUNCATED))
        .isNull();
    assertThat(
            text(
                records.bare(original("id", new byte[10], headers), LETTER), ImageHeaders.RETRY_OF))
        .isEqualTo("dlq/3/17");
  }

  @Test
  void aForgedNoteOfARetryIsBounded() {
    Headers headers = new RecordHeaders().add(ImageHeaders.RETRY_OF, new byte[300_000]);
    ProducerRecord<byte[], byte[]> letter = letter("id", new byte[10], headers);

    assertThat(text(letter, ImageHeaders.RETRY_OF)).hasSizeLessThan(1100).startsWith("\\u0000");
    assertThat(letter.value()).hasSize(10);
  }

  @Test
  void anyRecordGivesADeadLetterThatFits() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Headers headers = new RecordHeaders();
      int count = random.nextInt(5) == 0 ? random.nextInt(20_000) : random.nextInt(10);
      for (int i = 0; i < count; i++) {
        int size = 1 + random.nextInt(count > 100 ? 50 : 300_000);
        headers.add(
            "靴".repeat(random.nextInt(count > 100 ? 10 : 60_000)),
            random.nextBoolean() ? null : new byte[size]);
      }
      ProducerRecord<byte[], byte[]> letter =
          letter(
              random.nextBoolean() ? null : "k".repeat(random.nextInt(2 * LIMIT)),
              random.nextBoolean() ? null : new byte[random.nextInt(2 * LIMIT)],
              headers);

      assertThat(kafkaSize(letter)).as("seed %d", seed).isLessThanOrEqualTo(LIMIT);
      assertThat(text(letter, DeadLetterHeaders.ERROR)).isEqualTo("BAD_METADATA");
    }
  }

  /// What Kafka's producer compares with its limit.
  private static int kafkaSize(ProducerRecord<byte[], byte[]> record) {
    return AbstractRecords.estimateSizeInBytesUpperBound(
        RecordBatch.CURRENT_MAGIC_VALUE,
        Compression.NONE.type(),
        record.key(),
        record.value(),
        record.headers().toArray());
  }

  private ProducerRecord<byte[], byte[]> letter(
      @Nullable String key, byte @Nullable [] value, Headers headers) {
    return records.complete(original(key, value, headers), LETTER);
  }

  private static ConsumerRecord<byte[], byte[]> original(
      @Nullable String key, byte @Nullable [] value, Headers headers) {
    return new ConsumerRecord<>(
        "images",
        3,
        17,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        key == null ? null : key.getBytes(UTF_8),
        value,
        headers,
        Optional.empty());
  }

  private static String text(ProducerRecord<byte[], byte[]> record, String header) {
    return new String(record.headers().lastHeader(header).value(), UTF_8);
  }
}

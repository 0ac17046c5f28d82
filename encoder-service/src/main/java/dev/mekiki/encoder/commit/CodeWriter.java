package dev.mekiki.encoder.commit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mekiki.encoder.record.DeadLetter;
import dev.mekiki.encoder.record.Work;
import dev.mekiki.encoder.record.Work.Outcome;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Writes codes, tombstones, dead letters and the offsets they stand for, all in one transaction.
/// Used by the loop's thread alone.
///
/// After any failure the only way on is {@link #reopen}: it ends the transaction under way, whether
/// it was about to be committed or aborted, and from then on the group's committed offsets tell
/// which. A commit that timed out may have been either, so aborting is not always allowed.
public final class CodeWriter implements AutoCloseable {
  private final Map<String, Object> properties;
  private final String codesTopic;
  private final String deadLetterTopic;
  private final int deadLetterBytes;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  /// @param properties of a transactional producer
  /// @param codesTopic `image-codes-(network)`
  /// @param deadLetterTopic `images.dlq`
  /// @param deadLetterBytes the largest record that the latter takes
  public CodeWriter(
      Map<String, Object> properties,
      String codesTopic,
      String deadLetterTopic,
      int deadLetterBytes) {
    this.properties = properties;
    this.codesTopic = codesTopic;
    this.deadLetterTopic = deadLetterTopic;
    this.deadLetterBytes = deadLetterBytes;
  }

  /// Gets ready for the next transaction; whatever a predecessor of the same transactional id left
  /// open is ended.
  ///
  /// @throws KafkaException where Kafka does not answer in time
  public void reopen() {
    close();
    KafkaProducer<byte[], byte[]> opened =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    producer = opened;
    opened.initTransactions();
  }

  /// Writes what became of the given records, none of it {@link Outcome.Failed}, and their offsets.
  ///
  /// @param work in the order of offsets within each partition
  /// @param offsets where each partition is to be read on
  /// @param group the consumer's membership: an outdated one fails the commit
  /// @throws KafkaException where it was not, or may not have been, committed
  public void write(
      List<Work> work,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      ConsumerGroupMetadata group) {
    KafkaProducer<byte[], byte[]> open = producer;
    if (open == null) {
      throw new KafkaException("the writer is closed");
    }
    open.beginTransaction();
    for (Work done : work) {
      ProducerRecord<byte[], byte[]> result = result(done);
      // A failure to send fails the commit.
      var _ = open.send(result);
    }
    open.sendOffsetsToTransaction(offsets, group);
    open.commitTransaction();
  }

  private ProducerRecord<byte[], byte[]> result(Work work) {
    return switch (work.outcome()) {
      case Outcome.Coded coded ->
          new ProducerRecord<>(codesTopic, coded.id().toBytes(), coded.code().toByteArray());
      case Outcome.Deleted deleted ->
          new ProducerRecord<>(codesTopic, deleted.id().toBytes(), null);
      case Outcome.Dead dead -> deadLetter(work.record(), dead.deadLetter());
      case Outcome.Failed failed -> throw new IllegalStateException(failed.cause());
      case null -> throw new IllegalStateException("work without outcome");
    };
  }

  private ProducerRecord<byte[], byte[]> deadLetter(
      ConsumerRecord<byte[], byte[]> record, DeadLetter deadLetter) {
    String message = deadLetter.message();
    byte @Nullable [] value = record.value();
    Headers original = record.headers();
    // Only where an operator lets `images` take more than asked for: a dead letter that cannot be
    // written would stop the stream.
    int size = Math.max(0, record.serializedKeySize()) + size(original);
    boolean valueFits = size + (value == null ? 0 : value.length) + 16_384 <= deadLetterBytes;
    if (!valueFits) {
      message += "; too large for %s, so its bytes are left out here".formatted(deadLetterTopic);
      value = null;
    }
    Headers headers =
        size + 16_384 <= deadLetterBytes
            ? new RecordHeaders(original.toArray())
            : new RecordHeaders();
    put(headers, DeadLetterHeaders.TOPIC, record.topic());
    put(headers, DeadLetterHeaders.PARTITION, Integer.toString(record.partition()));
    put(headers, DeadLetterHeaders.OFFSET, Long.toString(record.offset()));
    put(headers, DeadLetterHeaders.ERROR, deadLetter.reason().name());
    put(headers, DeadLetterHeaders.MESSAGE, message);
    byte @Nullable [] key = record.key();
    return new ProducerRecord<>(
        deadLetterTopic,
        null,
        key != null && key.length > deadLetterBytes / 2 ? null : key,
        value,
        headers);
  }

  private static void put(Headers headers, String name, String value) {
    // Replaced where the record was a dead letter before and has been sent again.
    headers.remove(name);
    headers.add(name, value.getBytes(UTF_8));
  }

  private static int size(Headers headers) {
    int size = 0;
    for (Header header : headers) {
      size += header.key().length() * 3 + (header.value() == null ? 0 : header.value().length) + 10;
    }
    return size;
  }

  /// Closes at once; a transaction under way is ended by the next {@link #reopen} of this instance
  /// or by Kafka within the transaction timeout.
  @Override
  public void close() {
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }
}

package dev.mekiki.encoder.commit;

import dev.mekiki.encoder.record.DeadLetter;
import dev.mekiki.encoder.record.DeadLetter.Reason;
import dev.mekiki.encoder.record.Work;
import dev.mekiki.encoder.record.Work.Outcome;
import dev.mekiki.encoder.record.Work.SkipReason;
import dev.mekiki.schemas.text.BoundedText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes codes, tombstones, dead letters and the offsets they stand for, all in one transaction.
/// Used by the stream's thread alone.
///
/// A record that Kafka refuses does not stop the stream: instead of a code a dead letter is
/// written, instead of a dead letter one without the original record, and instead of that nothing.
/// The rest of the transaction is written again with it.
///
/// After any other failure the only way on is {@link #reopen}: it ends the transaction under way,
/// whether it was about to be committed or aborted, and the group's committed offsets show which. A
/// commit that timed out may have been either, so aborting is not always allowed.
public final class CodeWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CodeWriter.class);

  private final Map<String, Object> properties;
  private final String codesTopic;
  private final DeadLetterRecords deadLetters;
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
    this.deadLetters = new DeadLetterRecords(deadLetterTopic, deadLetterBytes);
  }

  /// Gets ready for the next transaction and ends what an earlier producer of the same
  /// transactional id left open.
  ///
  /// @throws KafkaException where Kafka does not answer in time
  public void reopen() {
    close();
    KafkaProducer<byte[], byte[]> opened =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    producer = opened;
    opened.initTransactions();
  }

  /// Writes the outcomes of the given records, and their offsets. Outcomes that Kafka refuses are
  /// replaced in the given work by what was written instead.
  ///
  /// @param work finished, in the order of offsets within each partition
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
    while (true) {
      Map<Work, Future<RecordMetadata>> sent = new LinkedHashMap<>();
      try {
        open.beginTransaction();
        send(open, work, sent);
        open.sendOffsetsToTransaction(offsets, group);
        open.commitTransaction();
        return;
      } catch (KafkaException e) {
        if (!replaceRefused(sent)) {
          throw e;
        }
        // Ends: each round takes at least one record closer to being skipped.
        open.abortTransaction();
      }
    }
  }

  private void send(
      KafkaProducer<byte[], byte[]> open, List<Work> work, Map<Work, Future<RecordMetadata>> sent) {
    for (Work done : work) {
      ProducerRecord<byte[], byte[]> result = result(done);
      if (result != null) {
        // A failure to send fails the commit.
        sent.put(done, open.send(result));
      }
    }
  }

  private @Nullable ProducerRecord<byte[], byte[]> result(Work work) {
    return switch (work.outcome()) {
      case Outcome.Coded coded ->
          new ProducerRecord<>(codesTopic, coded.id().toBytes(), coded.code().toByteArray());
      case Outcome.Deleted deleted ->
          new ProducerRecord<>(codesTopic, deleted.id().toBytes(), null);
      case Outcome.Dead(DeadLetter deadLetter, boolean bare) ->
          bare
              ? deadLetters.bare(work.record(), deadLetter)
              : deadLetters.complete(work.record(), deadLetter);
      case Outcome.Skipped _ -> null;
      case null -> throw new IllegalStateException("work without outcome");
    };
  }

  /// Replaces the outcomes that Kafka refused for what they are.
  ///
  /// @return false where there is none: then something else failed
  private static boolean replaceRefused(Map<Work, Future<RecordMetadata>> sent) {
    boolean any = false;
    for (Map.Entry<Work, Future<RecordMetadata>> entry : sent.entrySet()) {
      Throwable refusal = refusal(entry.getValue());
      if (refusal != null) {
        replace(entry.getKey(), refusal);
        any = true;
      }
    }
    return any;
  }

  private static @Nullable Throwable refusal(Future<RecordMetadata> result) {
    if (result.state() != Future.State.FAILED && !result.isDone()) {
      return null;
    }
    try {
      RecordMetadata _ = result.get();
      return null;
    } catch (ExecutionException e) {
      return isRefusal(e.getCause()) ? e.getCause() : null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /// True for failures that only this record causes.
  private static boolean isRefusal(@Nullable Throwable failure) {
    return failure instanceof RecordTooLargeException
        || failure instanceof InvalidRecordException
        || failure instanceof InvalidTimestampException;
  }

  private static void replace(Work work, Throwable refusal) {
    Outcome outcome = work.outcome();
    if (outcome instanceof Outcome.Dead(DeadLetter deadLetter, boolean bare)) {
      work.finish(
          bare
              ? new Outcome.Skipped(SkipReason.DEAD_LETTER_REFUSED)
              : new Outcome.Dead(deadLetter, true));
    } else {
      work.finish(
          new Outcome.Dead(
              new DeadLetter(
                      Reason.CODE_REFUSED,
                      "Kafka refuses the record of this image's codes: "
                          + BoundedText.message(refusal))
                  .keepingPreviousVersion()));
    }
    ConsumerRecord<?, ?> record = work.record();
    log.warn(
        "Kafka refused what was to be written of a record topic={} partition={} offset={}"
            + " instead={} reason={}",
        record.topic(),
        record.partition(),
        record.offset(),
        work.outcome() instanceof Outcome.Skipped ? "nothing" : "dead letter",
        BoundedText.message(refusal));
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

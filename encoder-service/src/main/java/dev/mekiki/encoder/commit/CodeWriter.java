package dev.mekiki.encoder.commit;

import com.google.protobuf.ByteString;
import dev.mekiki.encoder.record.DeadLetter;
import dev.mekiki.encoder.record.DeadLetter.Reason;
import dev.mekiki.encoder.record.Work;
import dev.mekiki.encoder.record.Work.Outcome;
import dev.mekiki.encoder.record.Work.SkipReason;
import dev.mekiki.schemas.image.DeleteTime;
import dev.mekiki.schemas.image.Thumbnails;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.ImageCode;
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
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes codes, thumbnails, tombstones, dead letters and the offsets they stand for, all in one
/// transaction. Used by the stream's thread alone.
///
/// Thumbnails go first: a code names the offset of its thumbnail, which the broker returns when it
/// acknowledges the thumbnail. Both are in one transaction, so whoever reads the code committed can
/// read the thumbnail; a code that is aborted takes the offset of its aborted thumbnail with it.
///
/// A record that Kafka refuses does not stop the stream: instead of a thumbnail none is written,
/// instead of a code a dead letter, instead of a dead letter one without the original record, and
/// instead of that nothing. The rest of the transaction is written again with it.
///
/// After any other failure the only way on is {@link #reopen}: it ends the transaction under way,
/// whether it was about to be committed or aborted, and the group's committed offsets show which. A
/// commit that timed out may have been either, so aborting is not always allowed.
public final class CodeWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CodeWriter.class);

  private final Map<String, Object> properties;
  private final Targets targets;
  private final DeadLetterRecords deadLetters;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  /// The topics written to.
  ///
  /// @param codes `image-codes-(network)`
  /// @param thumbnails `thumbnails-(network)`
  /// @param deadLetters `images.dlq`
  /// @param deadLetterBytes the largest record that the latter takes
  public record Targets(String codes, String thumbnails, String deadLetters, int deadLetterBytes) {}

  /// @param properties of a transactional producer
  public CodeWriter(Map<String, Object> properties, Targets targets) {
    this.properties = properties;
    this.targets = targets;
    this.deadLetters = new DeadLetterRecords(targets.deadLetters(), targets.deadLetterBytes());
  }

  /// A record and the answer to it.
  private record Sent(ProducerRecord<byte[], byte[]> record, Future<RecordMetadata> answer) {
    static Sent by(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
      return new Sent(record, producer.send(record));
    }
  }

  /// What was sent of each piece of work, in one attempt.
  private record Attempt(Map<Work, Sent> thumbnails, Map<Work, Sent> results) {
    Attempt() {
      this(new LinkedHashMap<>(), new LinkedHashMap<>());
    }
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
      Attempt attempt = new Attempt();
      try {
        open.beginTransaction();
        sendThumbnails(open, work, attempt.thumbnails());
        sendResults(open, work, attempt);
        open.sendOffsetsToTransaction(offsets, group);
        open.commitTransaction();
        return;
      } catch (KafkaException e) {
        Map<Work, Throwable> thumbnails = refusals(attempt.thumbnails());
        Map<Work, Throwable> results = refusals(attempt.results());
        if (thumbnails.isEmpty() && results.isEmpty()) {
          throw e;
        }
        open.abortTransaction();
        if (thumbnails.size() + results.size() > 1) {
          keepRefusedAlone(open, attempt.thumbnails(), thumbnails);
          keepRefusedAlone(open, attempt.results(), results);
        }
        if (thumbnails.isEmpty() && results.isEmpty()) {
          throw e;
        }
        // Ends: each round takes at least one record closer to being skipped.
        thumbnails.forEach(CodeWriter::replaceThumbnail);
        results.forEach(CodeWriter::replace);
      }
    }
  }

  /// Sends thumbnails and their removals in the order of the work, so that of each image the newest
  /// stays, and waits for the brokers to have the thumbnails.
  private void sendThumbnails(
      KafkaProducer<byte[], byte[]> open, List<Work> work, Map<Work, Sent> sent) {
    boolean awaited = false;
    for (Work done : work) {
      ProducerRecord<byte[], byte[]> thumbnail = thumbnail(done);
      if (thumbnail != null) {
        sent.put(done, Sent.by(open, thumbnail));
        awaited |= thumbnail.value() != null;
      }
    }
    if (awaited) {
      open.flush();
    }
  }

  private @Nullable ProducerRecord<byte[], byte[]> thumbnail(Work work) {
    return switch (work.outcome()) {
      case Outcome.Coded coded ->
          new ProducerRecord<>(
              targets.thumbnails(),
              coded.id().toBytes(),
              coded.thumbnail().isEmpty() ? null : coded.thumbnail().toByteArray());
      case Outcome.Deleted deleted ->
          new ProducerRecord<>(targets.thumbnails(), deleted.id().toBytes(), null);
      case Outcome.Dead _, Outcome.Skipped _ -> null;
      case null -> throw new IllegalStateException("work without outcome");
    };
  }

  private void sendResults(KafkaProducer<byte[], byte[]> open, List<Work> work, Attempt attempt) {
    for (Work done : work) {
      ProducerRecord<byte[], byte[]> result = result(done, attempt.thumbnails().get(done));
      if (result != null) {
        // A failure to send fails the commit.
        attempt.results().put(done, Sent.by(open, result));
      }
    }
  }

  private @Nullable ProducerRecord<byte[], byte[]> result(Work work, @Nullable Sent thumbnail) {
    return switch (work.outcome()) {
      case Outcome.Coded coded ->
          new ProducerRecord<>(
              targets.codes(), coded.id().toBytes(), code(coded, thumbnail).toByteArray());
      case Outcome.Deleted deleted ->
          new ProducerRecord<>(
              targets.codes(),
              null,
              deleted.id().toBytes(),
              null,
              List.of(DeleteTime.header(work.record().timestamp())));
      case Outcome.Dead(DeadLetter deadLetter, boolean bare) ->
          bare
              ? deadLetters.bare(work.record(), deadLetter)
              : deadLetters.complete(work.record(), deadLetter);
      case Outcome.Skipped _ -> null;
      case null -> throw new IllegalStateException("work without outcome");
    };
  }

  private static ImageCode code(Outcome.Coded coded, @Nullable Sent thumbnail) {
    if (coded.thumbnail().isEmpty() || thumbnail == null) {
      return coded.code();
    }
    RecordMetadata at = acknowledged(thumbnail.answer());
    return coded.code().toBuilder()
        .setThumbnailAt(Thumbnails.at(at.partition(), at.offset(), coded.thumbnail()))
        .build();
  }

  /// The answer to a record that was waited for.
  ///
  /// @throws KafkaException where the record failed
  private static RecordMetadata acknowledged(Future<RecordMetadata> sent) {
    try {
      return sent.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /// The records that Kafka refused, or that merely went with a refused one: the producer answers
  /// all that it had not sent yet with the failure that ended the transaction.
  private static Map<Work, Throwable> refusals(Map<Work, Sent> sent) {
    Map<Work, Throwable> refusals = new LinkedHashMap<>();
    sent.forEach((work, record) -> {
      Throwable refusal = refusal(record.answer());
      if (refusal != null) {
        refusals.put(work, refusal);
      }
    });
    return refusals;
  }

  /// Keeps the refusals of records that Kafka refuses when each is sent alone, in a transaction of
  /// its own that is aborted.
  private static void keepRefusedAlone(
      KafkaProducer<byte[], byte[]> open, Map<Work, Sent> sent, Map<Work, Throwable> refusals) {
    sent.forEach((work, record) -> {
      if (refusals.containsKey(work)) {
        open.beginTransaction();
        Sent alone = Sent.by(open, record.record());
        open.flush();
        if (refusal(alone.answer()) == null) {
          refusals.remove(work);
        }
        open.abortTransaction();
      }
    });
  }

  /// An image is worth indexing without its thumbnail; only where Kafka refuses even the removal of
  /// an older one, it is not.
  private static void replaceThumbnail(Work work, Throwable refusal) {
    if (work.outcome() instanceof Outcome.Coded coded && !coded.thumbnail().isEmpty()) {
      work.finish(new Outcome.Coded(coded.id(), coded.code(), ByteString.EMPTY));
      logReplaced(work, "no thumbnail", refusal);
    } else {
      replace(work, refusal);
    }
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
    logReplaced(
        work, work.outcome() instanceof Outcome.Skipped ? "nothing" : "dead letter", refusal);
  }

  private static void logReplaced(Work work, String instead, Throwable refusal) {
    ConsumerRecord<?, ?> record = work.record();
    log.warn(
        "Kafka refused what was to be written of a record topic={} partition={} offset={}"
            + " instead={} reason={}",
        record.topic(),
        record.partition(),
        record.offset(),
        instead,
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

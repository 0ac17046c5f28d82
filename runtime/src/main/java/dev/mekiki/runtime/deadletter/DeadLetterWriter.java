package dev.mekiki.runtime.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.DeadLetterState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Sends dead letters to `images` again and notes what was done about them, both in one
/// transaction. There is one writer at a time for all of an installation: a second one ends the
/// first, whose next call fails. So what {@link DeadLetterReader#states} says once a writer is open
/// stays true until the writer itself changes it. For one thread.
public final class DeadLetterWriter implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final Topics topics;
  private final String author;
  private final KafkaProducer<byte[], byte[]> producer;

  private DeadLetterWriter(Topics topics, String author, KafkaProducer<byte[], byte[]> producer) {
    this.topics = topics;
    this.author = author;
    this.producer = producer;
  }

  /// A writer; the one before it ends.
  ///
  /// @param replication copies of each record on `images.dlq.states`, where that is made now
  /// @param author who is at work, in their own words; may be empty
  /// @throws StartException where the topic of states cannot be made or is not as it must be
  public static DeadLetterWriter open(
      KafkaClients clients, Topics topics, short replication, String author) {
    TopicProvisioner.ensure(clients, List.of(TopicSpec.deadLetterStates(topics, replication)));
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            clients.transactionalProducer(topics.prefix() + "dead-letters"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    try {
      producer.initTransactions();
      return new DeadLetterWriter(topics, BoundedText.quote(author), producer);
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  /// A record that Kafka does not take. Nothing of its transaction was written.
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(Throwable cause) {
      super(BoundedText.message(cause), cause);
    }
  }

  /// Sends dead letters to `images` again, all of them or none.
  ///
  /// @param letters with the whole original record
  /// @throws RefusedException where Kafka does not take one of them
  /// @throws StartException where another writer was opened
  void retry(List<DeadLetterReader.Found.Whole> letters) throws RefusedException {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (DeadLetterReader.Found.Whole letter : letters) {
      records.add(original(letter));
      records.add(state(letter.letter(), DeadLetterState.State.RETRIED));
    }
    write(records);
  }

  /// Hides dead letters for good, all of them or none.
  ///
  /// @throws StartException where another writer was opened
  public void drop(List<DeadLetterRecord> letters) {
    note(letters.stream().map(letter -> state(letter, DeadLetterState.State.DROPPED)).toList());
  }

  /// Forgets what was done about dead letters that Kafka has deleted since, so that the topic of
  /// states does not grow for ever.
  ///
  /// @throws StartException where another writer was opened
  public void forgetExpired(DeadLetterStates states, DeadLetterReader reader) {
    List<DeadLetterPosition> expired = states.expired(reader.begins());
    if (!expired.isEmpty()) {
      note(expired.stream().map(position -> state(position, null)).toList());
    }
  }

  /// Closes; a transaction under way is aborted.
  @Override
  public void close() {
    producer.close(CLOSE_LIMIT);
  }

  private void note(List<ProducerRecord<byte[], byte[]>> states) {
    try {
      write(states);
    } catch (RefusedException e) {
      throw new StartException(
          "%s: Kafka refuses what was to be noted: %s (expected: the topic's default max.message.bytes)"
              .formatted(topics.deadLetterStates(), e.getMessage()),
          e);
    }
  }

  private void write(List<ProducerRecord<byte[], byte[]>> records) throws RefusedException {
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    try {
      producer.beginTransaction();
      records.forEach(record -> answers.add(producer.send(record)));
      producer.commitTransaction();
    } catch (ProducerFencedException | InvalidProducerEpochException | InvalidTxnStateException e) {
      throw new StartException(
          "another command began to retry or drop dead letters, so this one has ended (expected:"
              + " one at a time; `mekiki dlq list --all` shows what was done)",
          e);
    } catch (KafkaException e) {
      for (Future<RecordMetadata> answer : answers) {
        Throwable failure = failure(answer);
        if (failure instanceof RecordTooLargeException
            || failure instanceof InvalidRecordException) {
          producer.abortTransaction();
          throw new RefusedException(failure);
        }
      }
      throw e;
    }
  }

  private static @Nullable Throwable failure(Future<RecordMetadata> answer) {
    if (!answer.isDone()) {
      return null;
    }
    try {
      RecordMetadata _ = answer.get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /// The record as it was sent first, but that it says what it is a retry of. It goes where any
  /// record with its key goes, and its time is that of the retry.
  private ProducerRecord<byte[], byte[]> original(DeadLetterReader.Found.Whole letter) {
    ConsumerRecord<byte[], byte[]> record = letter.record();
    Headers headers = new RecordHeaders();
    for (Header header : record.headers()) {
      if (!DeadLetterHeaders.ALL.contains(header.key())
          && !header.key().equals(ImageHeaders.RETRY_OF)) {
        headers.add(header);
      }
    }
    headers.add(
        ImageHeaders.RETRY_OF,
        letter.letter().position().inTopic(topics.imagesDlq()).getBytes(UTF_8));
    return new ProducerRecord<>(topics.images(), null, record.key(), record.value(), headers);
  }

  private ProducerRecord<byte[], byte[]> state(
      DeadLetterRecord letter, DeadLetterState.State state) {
    return state(
        letter.position(),
        DeadLetterState.newBuilder()
            .setState(state)
            .setTime(Timestamps.fromMillis(Instant.now().toEpochMilli()))
            .setAuthor(author)
            .setDeadLetterMillis(letter.timestamp())
            .build());
  }

  private ProducerRecord<byte[], byte[]> state(
      DeadLetterPosition position, @Nullable DeadLetterState state) {
    return new ProducerRecord<>(
        topics.deadLetterStates(),
        position.inTopic(topics.imagesDlq()).getBytes(UTF_8),
        state == null ? null : state.toByteArray());
  }
}

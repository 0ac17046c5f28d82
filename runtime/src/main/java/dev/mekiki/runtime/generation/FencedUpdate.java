package dev.mekiki.runtime.generation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.MessageLite;
import com.linecorp.armeria.client.retry.Backoff;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.text.BoundedText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the topic `generations` and writes to it as one atomic step. All who take such a step
/// share one transactional id: the later one ends the attempt of the earlier one, which then looks
/// again. Thread-safe.
final class FencedUpdate {
  private static final Logger log = LoggerFactory.getLogger(FencedUpdate.class);

  /// Commits in doubt, one after another, that make a step fail.
  private static final int MAX_IN_DOUBT = 5;

  private final KafkaClients clients;
  private final String topic;
  private final String transactionalId;
  private final Backoff backoff = Backoff.exponential(50, 1_000).withJitter(0.3);

  /// @param topic that is written to
  /// @param transactionalId that all share
  FencedUpdate(KafkaClients clients, String topic, String transactionalId) {
    this.clients = clients;
    this.topic = topic;
    this.transactionalId = transactionalId;
  }

  /// What is done as one step.
  interface Step<T> {
    /// Looks at what is there, and commits at most once. It may be called again.
    T take(Writer writer) throws CommitInDoubtException;
  }

  /// Writes records, all of them or none.
  interface Writer {
    /// Writes records.
    ///
    /// @param records by key; null deletes
    default void commit(Map<String, ? extends @Nullable MessageLite> records)
        throws CommitInDoubtException {
      commit(List.of(), () -> records);
    }

    /// Writes records of other topics, and then those that are made once the others stand in their
    /// logs: nobody reads any of them before.
    ///
    /// @param first records of any topics
    /// @param then records by key; null deletes
    void commit(
        List<ProducerRecord<byte[], byte[]>> first,
        Supplier<? extends Map<String, ? extends @Nullable MessageLite>> then)
        throws CommitInDoubtException;
  }

  /// Takes a step until it is through.
  ///
  /// @param what names the step in errors and logs
  /// @throws StartException where Kafka does not take it
  <T> T run(String what, Step<T> step) {
    int doubtful = 0;
    int attempt = 0;
    while (true) {
      attempt++;
      try {
        return attempt(step);
      } catch (ProducerFencedException
          | InvalidProducerEpochException
          | InvalidTxnStateException e) {
        // Another one came in between (the last where it has ended this transaction and its fence
        // is not up yet): what is there must be looked at again.
        log.debug("Interrupted by another, looking again step={}", what, e);
      } catch (CommitInDoubtException e) {
        doubtful++;
        if (doubtful == MAX_IN_DOUBT) {
          throw refused(what, e.failure);
        }
        log.warn(
            "Commit in doubt, looking again step={} reason={}",
            what,
            BoundedText.message(e.failure));
      } catch (KafkaException e) {
        throw refused(what, e);
      }
      sleep(Duration.ofMillis(backoff.nextDelayMillis(attempt)));
    }
  }

  private <T> T attempt(Step<T> step) throws CommitInDoubtException {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            clients.transactionalProducer(transactionalId),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    try {
      // From here on, earlier ones cannot commit any more; what they committed is readable.
      producer.initTransactions();
      return step.take((first, then) -> {
        producer.beginTransaction();
        // A failure to send fails the commit.
        first.forEach(record -> {
          var _ = producer.send(record);
        });
        producer.flush();
        made(producer, then)
            .forEach((key, value) -> {
              byte @Nullable [] bytes = value == null ? null : value.toByteArray();
              var _ = producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), bytes));
            });
        commit(producer);
      });
    } finally {
      // What was committed has nothing left to send, and one that was fenced would wait in vain.
      producer.close(Duration.ZERO);
    }
  }

  private static <T> T made(KafkaProducer<?, ?> producer, Supplier<T> then) {
    try {
      return then.get();
    } catch (RuntimeException e) {
      // Left open, the transaction would hold up all readers until it times out.
      producer.abortTransaction();
      throw e;
    }
  }

  // A broker that fences this producer during its commit may answer just "unexpected error", and a
  // commit that timed out may have succeeded.
  private static void commit(KafkaProducer<?, ?> producer) throws CommitInDoubtException {
    try {
      producer.commitTransaction();
    } catch (ProducerFencedException | InvalidProducerEpochException | InvalidTxnStateException e) {
      throw e;
    } catch (KafkaException e) {
      throw new CommitInDoubtException(e);
    }
  }

  /// Whether the records were written shows in what is there once the next attempt has ended this
  /// one's transaction.
  static final class CommitInDoubtException extends Exception {
    private static final long serialVersionUID = 1;

    private final KafkaException failure;

    CommitInDoubtException(KafkaException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  private StartException refused(String what, KafkaException e) {
    return new StartException(
        "%s cannot be announced on %s: %s (expected: a topic that this client may write to)"
            .formatted(what, topic, BoundedText.message(e)),
        e);
  }

  /// Waits before another look at the topic.
  ///
  /// @throws StartException where the calling thread is interrupted
  static void sleep(Duration delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while waiting for generations", e);
    }
  }
}

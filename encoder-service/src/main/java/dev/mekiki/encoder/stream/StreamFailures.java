package dev.mekiki.encoder.stream;

import dev.mekiki.runtime.failure.FailureKind;
import dev.mekiki.runtime.kafka.KafkaFailures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/// What a failure of the stream means. Owned by the stream's thread.
public final class StreamFailures {
  /// Two encoders with one instance id would fence each other for ever.
  private static final int FENCED_LIMIT = 3;

  private static final Duration FENCED_WITHIN = Duration.ofMinutes(1);

  private final Deque<Instant> fenced = new ArrayDeque<>();

  /// For the failure policy. Being fenced once is a consequence of an outage: Kafka aborts a
  /// transaction that is open for too long. {@link #isFatal} sees to repeats.
  public static FailureKind kind(Throwable failure) {
    return isFencing(failure) ? FailureKind.OUTAGE : KafkaFailures.kind(failure);
  }

  /// True where the group's members changed while committing: usual, and no failure.
  static boolean isGroupChange(Throwable failure) {
    return failure instanceof CommitFailedException
        || failure instanceof RebalanceInProgressException;
  }

  /// True where a poll failed because of a record: it is damaged, or larger than the heap when
  /// decompressed.
  static boolean isUnreadable(Throwable failure) {
    return failure instanceof OutOfMemoryError || KafkaFailures.isUnreadable(failure);
  }

  /// Counts the failure; true where this encoder should not go on because another one uses its
  /// instance id.
  boolean isFatal(Throwable failure) {
    if (!isFencing(failure)) {
      return false;
    }
    Instant now = Instant.now();
    fenced.add(now);
    while (fenced.element().isBefore(now.minus(FENCED_WITHIN))) {
      fenced.remove();
    }
    return fenced.size() >= FENCED_LIMIT;
  }

  /// Why a failure was fatal.
  static IllegalStateException fatal(Throwable failure) {
    return new IllegalStateException(
        ("fenced %d times within %d s: another encoder has the same instance id, or transactions"
                + " take longer than their timeout (expected: a mekiki.encoder.instance-id of its"
                + " own for each encoder, and a broker that keeps up)")
            .formatted(FENCED_LIMIT, FENCED_WITHIN.toSeconds()),
        failure);
  }

  /// True where a producer of the same transactional id has come later, or Kafka has ended the
  /// transaction. Brokers say so in different ways, clients wrap them or not.
  private static boolean isFencing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException
          || cause instanceof InvalidTxnStateException) {
        return true;
      }
    }
    return false;
  }
}

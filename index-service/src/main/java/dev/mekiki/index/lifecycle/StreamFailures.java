package dev.mekiki.index.lifecycle;

import dev.mekiki.runtime.failure.FailureKind;
import dev.mekiki.runtime.kafka.KafkaFailures;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.errors.LockException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.errors.TopologyException;

/// What the death of a stream thread means. Causes are looked through: Kafka Streams wraps them.
final class StreamFailures {
  private StreamFailures() {}

  /// True where a new thread must fail in the same way, until configuration or program change.
  static boolean isPermanent(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnsupportedVersionException
          || cause instanceof TopologyException
          || cause instanceof VirtualMachineError
          || cause instanceof LinkageError
          || isConfiguration(cause)) {
        return true;
      }
    }
    return false;
  }

  /// Kafka counts missing rights and wrong passwords among these, but a person may mend them.
  private static boolean isConfiguration(Throwable cause) {
    return cause instanceof InvalidConfigurationException && !isAccess(cause);
  }

  private static boolean isAccess(Throwable cause) {
    return cause instanceof AuthenticationException || cause instanceof AuthorizationException;
  }

  /// An outage where a broker was away or slow, or this instance was, however long it took; a fault
  /// otherwise.
  static FailureKind kind(Throwable failure) {
    boolean outage = KafkaFailures.kind(failure) == FailureKind.OUTAGE;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isAccess(cause)) {
        return FailureKind.FAULT;
      }
      outage |= isOfTransaction(cause) || isOfGroup(cause) || isOfTask(cause) || isOfBroker(cause);
    }
    return outage ? FailureKind.OUTAGE : FailureKind.FAULT;
  }

  /// The broker ended the producer's transaction, or gave its place to another one: it was away for
  /// longer than the transaction's timeout, or this instance was. A new thread has a new producer.
  private static boolean isOfTransaction(Throwable cause) {
    return cause instanceof ProducerFencedException
        || cause instanceof InvalidProducerEpochException
        || cause instanceof InvalidPidMappingException
        || cause instanceof InvalidTxnStateException
        || cause instanceof OutOfOrderSequenceException
        || cause instanceof UnknownProducerIdException
        || cause instanceof TransactionAbortedException
        || cause instanceof TransactionAbortableException;
  }

  /// The broker gave the consumer's partitions to another one.
  private static boolean isOfGroup(Throwable cause) {
    return cause instanceof CommitFailedException
        || cause instanceof UnknownMemberIdException
        || cause instanceof IllegalGenerationException
        || cause instanceof FencedInstanceIdException;
  }

  private static boolean isOfTask(Throwable cause) {
    return cause instanceof TaskMigratedException
        || cause instanceof TaskCorruptedException
        || cause instanceof LockException;
  }

  /// What a broker that shuts down may answer, and what clients make of answers that they do not
  /// expect.
  private static boolean isOfBroker(Throwable cause) {
    return cause instanceof UnknownServerException || cause.getClass() == KafkaException.class;
  }
}

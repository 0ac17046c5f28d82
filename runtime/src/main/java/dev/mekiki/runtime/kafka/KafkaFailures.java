package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.failure.FailureKind;
import java.util.List;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// What an exception of a Kafka client says about Kafka.
public final class KafkaFailures {
  // Kafka's consumer has no class for these, only texts.
  private static final List<String> UNREADABLE =
      List.of(
          "Received exception when fetching the next record",
          "Record batch for partition",
          "Encountered corrupt message when fetching");

  private KafkaFailures() {}

  /// An outage where a broker is away, slow or between leaders, or its name cannot be resolved; a
  /// fault where it refuses this client, does not know the topic, or anything else is wrong. Causes
  /// are looked through: clients and Streams wrap them.
  public static FailureKind kind(Throwable failure) {
    boolean outage = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthenticationException
          || cause instanceof AuthorizationException
          || cause instanceof UnknownTopicOrPartitionException) {
        return FailureKind.FAULT;
      }
      outage |=
          cause instanceof RetriableException
              || cause instanceof RetriableCommitFailedException
              || isUnresolved(cause);
    }
    return outage ? FailureKind.OUTAGE : FailureKind.FAULT;
  }

  /// True where a poll failed because the next record is damaged: a consumer comes past it only by
  /// seeking.
  public static boolean isUnreadable(Throwable failure) {
    String message = failure.getMessage();
    return failure instanceof KafkaException
        && message != null
        && UNREADABLE.stream().anyMatch(message::startsWith);
  }

  // Clients take a name that cannot be resolved for a wrong setting, also where DNS is away.
  private static boolean isUnresolved(Throwable cause) {
    return cause instanceof ConfigException
        && String.valueOf(cause.getMessage()).contains("No resolvable bootstrap urls");
  }
}

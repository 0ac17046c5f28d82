package dev.mekiki.runtime.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.runtime.deadletter.DeadLetterStatus.Kind;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.DeadLetterState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was done about dead letters, as `images.dlq.states` said when it was read. Some 150 bytes
/// of heap for each that something was done about.
public final class DeadLetterStates {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterStates.class);

  private final String dlqTopic;
  private final Map<DeadLetterPosition, Known> states = new HashMap<>();

  /// @param letterTimestamp of the dead letter that was meant
  private record Known(DeadLetterStatus status, long letterTimestamp) {}

  /// @param dlqTopic `images.dlq`
  DeadLetterStates(String dlqTopic) {
    this.dlqTopic = dlqTopic;
  }

  /// What was done about a dead letter. What was done about another one that stood there, in a
  /// topic that was deleted and created again, does not count.
  public DeadLetterStatus of(DeadLetterRecord letter) {
    Known known = states.get(letter.position());
    return known == null || known.letterTimestamp() != letter.timestamp()
        ? DeadLetterStatus.NEW
        : known.status();
  }

  /// Those about which something was done and that Kafka has deleted since.
  ///
  /// @param begins the oldest offset of each partition of `images.dlq`
  List<DeadLetterPosition> expired(Map<TopicPartition, Long> begins) {
    return states.keySet().stream()
        .filter(position ->
            position.offset()
                < begins.getOrDefault(new TopicPartition(dlqTopic, position.partition()), 0L))
        .sorted()
        .toList();
  }

  /// Takes the next record of `images.dlq.states`. One that says nothing of use is left out.
  void add(ConsumerRecord<byte[], byte[]> record) {
    Optional<DeadLetterPosition> position =
        record.key() == null
            ? Optional.empty()
            : DeadLetterPosition.ofTopic(dlqTopic, new String(record.key(), UTF_8));
    if (position.isEmpty()) {
      log.debug("State of no dead letter left out key={}", BoundedText.quote(record.key()));
      return;
    }
    if (record.value() == null) {
      states.remove(position.get());
      return;
    }
    try {
      DeadLetterState state = DeadLetterState.parseFrom(record.value());
      kind(state)
          .ifPresent(kind ->
              states.put(
                  position.get(),
                  new Known(
                      new DeadLetterStatus(kind, time(state), BoundedText.quote(state.getAuthor())),
                      state.getDeadLetterMillis())));
    } catch (InvalidProtocolBufferException e) {
      log.debug("State that cannot be read left out offset={}", record.offset(), e);
    }
  }

  private static Optional<Kind> kind(DeadLetterState state) {
    return switch (state.getState()) {
      case RETRIED -> Optional.of(Kind.RETRIED);
      case DROPPED -> Optional.of(Kind.DROPPED);
      case STATE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static Optional<Instant> time(DeadLetterState state) {
    return Timestamps.isValid(state.getTime())
        ? Optional.of(Instant.ofEpochMilli(Timestamps.toMillis(state.getTime())))
        : Optional.empty();
  }
}

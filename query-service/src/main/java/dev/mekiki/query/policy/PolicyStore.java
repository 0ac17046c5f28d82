package dev.mekiki.query.policy;

import com.google.protobuf.Message;
import dev.mekiki.query.images.RecordSender;
import dev.mekiki.runtime.policy.PolicyDetails;
import dev.mekiki.runtime.policy.PolicyFollower;
import dev.mekiki.runtime.policy.PolicyJson;
import dev.mekiki.schemas.topic.Topics;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Decisions on their topics. Whoever has written one finds it in what is read from then on.
/// Thread-safe.
public final class PolicyStore {
  private final PolicyFollower follower;
  private final RecordSender sender;
  private final Topics topics;
  private final Duration timeout;

  /// @param follower keeps details; stays the caller's to close
  /// @param sender stays the caller's to close
  /// @param timeout how long this service has to read what it has written
  public PolicyStore(
      PolicyFollower follower, RecordSender sender, Topics topics, Duration timeout) {
    this.follower = follower;
    this.sender = sender;
    this.topics = topics;
    this.timeout = timeout;
  }

  /// The decisions as they are now.
  ///
  /// @throws StatusRuntimeException UNAVAILABLE where they were not read yet
  public PolicyDetails details() {
    if (!follower.isCaughtUp()) {
      throw Refusals.unavailable(
          "mutes and verdicts are not read yet (expected: topics that this service may read; try"
              + " again)");
    }
    return follower.details();
  }

  Topics topics() {
    return topics;
  }

  /// Writes a decision and waits until it is in force here: every other service needs about as
  /// long.
  ///
  /// @param value null to withdraw it
  /// @throws dev.mekiki.query.images.SendTimeoutException where no broker acknowledges it in time
  /// @throws StatusRuntimeException UNAVAILABLE where it was not read back in time
  void write(String topic, String key, @Nullable Message value) throws InterruptedException {
    RecordMetadata written =
        sender.send(
            new ProducerRecord<>(
                topic,
                key.getBytes(StandardCharsets.UTF_8),
                value == null ? null : PolicyJson.bytes(value)));
    if (!follower.awaitRead(topic, written.offset(), timeout)) {
      throw Refusals.unavailable(
          "written to %s, but not read back within %d ms (expected: a topic that this service may read;"
                  .formatted(topic, timeout.toMillis())
              + " it takes effect once it is read, writing it again is safe)");
    }
  }
}

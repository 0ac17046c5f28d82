package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.text.BoundedText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/// What a start must know of consumer groups. Thread-safe; calls block on Kafka.
///
/// @param clients settings of Kafka clients
public record ConsumerGroups(KafkaClients clients) {
  private static final Duration RETRY = Duration.ofMillis(200);

  /// Records of a partition that a group had not processed when the topic dropped them.
  ///
  /// @param partition of the topic
  /// @param committed where the group would go on; null where that is not known any more
  /// @param start the first offset that is still there
  public record Lost(TopicPartition partition, @Nullable Long committed, long start) {}

  /// Waits until a group has no members.
  ///
  /// @return false where it has some when the limit is over
  /// @throws StartException where Kafka does not answer
  public boolean awaitEmpty(String group, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try (Admin admin = Admin.create(clients.admin())) {
      while (!isEmpty(admin, group)) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        Thread.sleep(RETRY);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while waiting for consumer group " + group, e);
    }
  }

  private boolean isEmpty(Admin admin, String group) {
    try {
      GroupState state =
          AdminCalls.await(
                  Objects.requireNonNull(
                      admin.describeConsumerGroups(List.of(group)).describedGroups().get(group)),
                  clients.bootstrapServers())
              .groupState();
      return state == GroupState.EMPTY || state == GroupState.DEAD;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return true;
      }
      throw failed(group, e);
    }
  }

  /// Where a topic no longer has what a group would read next.
  ///
  /// @param partitions of the topic
  /// @throws StartException where Kafka does not answer
  public List<Lost> lost(String group, String topic, int partitions) {
    try (Admin admin = Admin.create(clients.admin())) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          AdminCalls.await(
              admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
              clients.bootstrapServers());
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      IntStream.range(0, partitions)
          .forEach(number -> asked.put(new TopicPartition(topic, number), OffsetSpec.earliest()));
      Map<TopicPartition, ListOffsetsResultInfo> starts =
          AdminCalls.await(admin.listOffsets(asked).all(), clients.bootstrapServers());
      List<Lost> lost = new ArrayList<>();
      starts.forEach((partition, start) -> {
        OffsetAndMetadata next = committed.get(partition);
        if (start.offset() > (next == null ? 0 : next.offset())) {
          lost.add(new Lost(partition, next == null ? null : next.offset(), start.offset()));
        }
      });
      return lost;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return List.of();
      }
      throw failed(group, e);
    }
  }

  private static StartException failed(String group, ExecutionException e) {
    return new StartException(
        "consumer group %s cannot be looked up: %s (expected: a group that this client may read)"
            .formatted(group, BoundedText.message(e)),
        e);
  }
}

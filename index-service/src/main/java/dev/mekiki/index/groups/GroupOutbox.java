package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.GroupMessage;
import dev.mekiki.index.probe.OutgoingProbes;
import dev.mekiki.schemas.v1.GroupMessages;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Messages that wait for the commit of the transaction in which they were made: what goes
/// to one partition in a transaction goes into one record, or into a few. Owned by one stream thread.
final class GroupOutbox {
  /// A record that has grown to this size is sent at once.
  private static final int RECORD_BYTES = 128 << 10;

  private final GroupMessages.@Nullable Builder[] waiting;
  private final int[] bytes;
  private final Consumer<OutgoingProbes> sink;

  /// @param partitions of contents
  /// @param sink sends a record
  GroupOutbox(int partitions, Consumer<OutgoingProbes> sink) {
    waiting = new GroupMessages.Builder[partitions];
    bytes = new int[partitions];
    this.sink = sink;
  }

  /// Adds a message.
  void add(GroupMessage message) {
    int partition = message.to().partition(waiting.length);
    GroupMessages.Builder record = waiting[partition];
    if (record == null) {
      record = GroupMessages.newBuilder();
      waiting[partition] = record;
    }
    dev.mekiki.schemas.v1.GroupMessage proto = SentMessages.proto(message);
    record.addMessages(proto);
    bytes[partition] += proto.getSerializedSize();
    if (bytes[partition] >= RECORD_BYTES) {
      send(partition, record);
    }
  }

  /// Sends all that waits.
  void send() {
    for (int partition = 0; partition < waiting.length; partition++) {
      GroupMessages.Builder record = waiting[partition];
      if (record != null) {
        send(partition, record);
      }
    }
  }

  private void send(int partition, GroupMessages.Builder record) {
    waiting[partition] = null;
    bytes[partition] = 0;
    sink.accept(new OutgoingProbes(record.build().toByteArray(), partition));
  }
}

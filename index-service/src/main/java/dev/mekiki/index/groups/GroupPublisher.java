package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.GroupSink;
import dev.mekiki.hashing.group.Node;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Writes the records of groups that have changed. Owned by one stream thread.
final class GroupPublisher implements GroupSink {
  private final ContentStore store;
  private final GroupRecords records;
  private final BiConsumer<String, byte @Nullable []> sink;
  private final InstantSource clock;
  private final GroupMetrics metrics;

  /// @param sink takes the id of a group and its record; null where it is dissolved
  GroupPublisher(
      ContentStore store,
      GroupRecords records,
      BiConsumer<String, byte @Nullable []> sink,
      InstantSource clock,
      GroupMetrics metrics) {
    this.store = store;
    this.records = records;
    this.sink = sink;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void changed(Content representative, Node node) {
    store.setPublished(representative, true);
    sink.accept(
        GroupRecords.id(representative),
        GroupRecords.json(records.group(representative, node, clock.millis())));
    metrics.published.increment();
  }

  @Override
  public void dissolved(Content representative) {
    store.setPublished(representative, false);
    sink.accept(GroupRecords.id(representative), null);
    metrics.dissolved.increment();
  }
}

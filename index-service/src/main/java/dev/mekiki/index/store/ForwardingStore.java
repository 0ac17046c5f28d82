package dev.mekiki.index.store;

import dev.mekiki.index.streamsinternals.RestoreHook;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens, reads from, and keeps its offsets in, a store of Kafka Streams. Writing is left to
/// subclasses.
abstract class ForwardingStore implements KeyValueStore<Bytes, byte[]> {
  private static final Logger log = LoggerFactory.getLogger(ForwardingStore.class);

  /// The inner store.
  protected final KeyValueStore<Bytes, byte[]> records;

  ForwardingStore(KeyValueStore<Bytes, byte[]> records) {
    this.records = records;
  }

  /// Opens the inner store. If its files exist and cannot be opened, Kafka Streams restores it from
  /// the changelog: otherwise each start would end with the same error.
  ///
  /// @param inner the context to open it with
  /// @throws TaskCorruptedException where the files are damaged
  protected final void open(StateStoreContext context, StateStoreContext inner, StateStore root) {
    boolean hadFiles = RestoreHook.hasFiles(context, name());
    try {
      records.init(inner, root);
    } catch (ProcessorStateException e) {
      if (hadFiles) {
        throw damaged(context, e);
      }
      throw e;
    }
  }

  /// What makes Kafka Streams wipe the task's files and read the changelog again.
  protected final TaskCorruptedException damaged(StateStoreContext context, Exception cause) {
    records.close();
    log.warn(
        "State is damaged and is read again from the topic task={} dir={} defect={} cause={}",
        context.taskId(),
        context.stateDir(),
        cause.getMessage(),
        cause.getCause() == null ? "none" : cause.getCause().getMessage());
    return new TaskCorruptedException(Set.of(context.taskId()));
  }

  @Override
  public String name() {
    return records.name();
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return records.get(key);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
    return records.range(from, to);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    return records.all();
  }

  @Override
  public long approximateNumEntries() {
    return records.approximateNumEntries();
  }

  @Override
  @SuppressWarnings("deprecation") // The framework still asks; RocksDB keeps the offsets.
  public boolean managesOffsets() {
    return records.managesOffsets();
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    records.commit(changelogOffsets);
  }

  @Override
  public @Nullable Long committedOffset(TopicPartition changelog) {
    return records.committedOffset(changelog);
  }

  @Override
  public boolean persistent() {
    return records.persistent();
  }

  @Override
  public boolean isOpen() {
    return records.isOpen();
  }

  @Override
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    return records.query(query, bound, config);
  }

  @Override
  public Position getPosition() {
    return records.getPosition();
  }
}

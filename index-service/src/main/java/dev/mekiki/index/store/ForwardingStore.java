package dev.mekiki.index.store;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Reads from, and keeps its offsets in, a store of Kafka Streams. Writing is left to subclasses.
abstract class ForwardingStore implements KeyValueStore<Bytes, byte[]> {
  /// The inner store.
  protected final KeyValueStore<Bytes, byte[]> records;

  ForwardingStore(KeyValueStore<Bytes, byte[]> records) {
    this.records = records;
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

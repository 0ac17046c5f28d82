package dev.mekiki.index.partition;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.bucket.Arrival;
import dev.mekiki.hashing.bucket.CandidateCollector;
import dev.mekiki.hashing.bucket.CandidateCriteria;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.index.flood.FloodControl;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.questions.PartitionQuestions;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.store.IndexedStore;
import dev.mekiki.index.store.StoreHost;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.Quarantine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The placements of one partition and their search structure. Reads may come from any thread.
public final class PlacementStore extends IndexedStore<IndexedImage> {
  /// The store's name in the topology.
  public static final String NAME = "placements";

  private final GenerationGeometry geometry;
  private final FilterableKeys filterable;
  private final HostedPartitions hosted;
  private final PartitionIndex index;
  private final CheckedSearch searcher;
  private final PartitionQuestions<PartitionState> questions = new PartitionQuestions<>();
  private final LongAdder arrivals = new LongAdder();
  private final LongAdder probesSent = new LongAdder();
  private volatile @Nullable FloodControl floods;

  PlacementStore(GenerationGeometry geometry, FilterableKeys filterable, HostedPartitions hosted) {
    super(NAME, LeftOutRecords.Source.PLACEMENTS_CHANGELOG);
    this.geometry = geometry;
    this.filterable = filterable;
    this.hosted = hosted;
    index = new PartitionIndex(geometry.centers());
    searcher = new CheckedSearch(this, index, hosted.searches(), filterable);
  }

  @Override
  protected Reader<IndexedImage> reader() {
    return rowReader()::row;
  }

  private RowReader rowReader() {
    return new RowReader(geometry, partition(), filterable);
  }

  @Override
  protected void index(String id, IndexedImage row) {
    index.put(row);
  }

  @Override
  protected void unindex(String id) {
    index.remove(id);
  }

  @Override
  protected void clearIndex() {
    index.clear();
  }

  @Override
  protected int rows() {
    return index.images();
  }

  @Override
  protected void indexAll(KeyValueIterator<Bytes, byte[]> records, Unreadable unreadable)
      throws DefectiveRecordException {
    RowStream.putAll(records, rowReader(), index, unreadable);
  }

  @Override
  protected StoreHost<PlacementStore> host() {
    return hosted.stores();
  }

  @Override
  protected void publish() {
    host().publish(NAME, partition(), this);
  }

  @Override
  protected void withdraw() {
    host().withdraw(partition(), this);
  }

  /// The store of records alone: what is written there is not checked.
  KeyValueStore<Bytes, byte[]> inner() {
    return records;
  }

  /// Names who keeps the quarantines of this partition, while its task is active here.
  void watch(@Nullable FloodControl control) {
    floods = control;
  }

  /// What is in quarantine here now.
  public List<Quarantine> quarantines() {
    FloodControl control = floods;
    return control == null ? List.of() : control.current();
  }

  /// What only the stream thread can answer, while its task is active here.
  PartitionQuestions<PartitionState> questions() {
    return questions;
  }

  /// Counts an arrival, which sent so many probes.
  void arrived(int probes) {
    arrivals.increment();
    probesSent.add(probes);
  }

  /// Arrivals of new revisions since this store was opened.
  public long arrivals() {
    return arrivals.sum();
  }

  /// Probes sent for {@link #arrivals}.
  public long probesSent() {
    return probesSent.sum();
  }

  /// The row of an image whose home this partition is.
  Optional<StoredRow> row(String id) {
    byte @Nullable [] value = records.get(key(id));
    return value == null ? Optional.empty() : Optional.of(parsed(id, value));
  }

  private StoredRow parsed(String id, byte[] value) {
    try {
      return StoredRow.parse(value, geometry, partition());
    } catch (DefectiveRecordException e) {
      // Every value was checked when it came in, so the files have changed beneath us. The stream
      // thread that meets this is replaced, and the store is then opened and repaired.
      throw new IllegalStateException(
          "placement of '%s' in partition %d cannot be read any more".formatted(id, partition()),
          e);
    }
  }

  /// The placement of an image whose home this partition is.
  public Optional<Placement> placement(String id) {
    return row(id).map(StoredRow::placement);
  }

  /// Takes images one by one.
  @FunctionalInterface
  public interface Scan {
    /// Takes the next one.
    ///
    /// @return whether it wants another
    boolean take(String id, Placement placement);
  }

  /// Passes images in the order of their ids as bytes.
  ///
  /// @param after begin behind this id, UTF-8; empty: at the first
  /// @return the id that was passed last, UTF-8; empty where there are no more
  /// @throws org.apache.kafka.streams.errors.InvalidStateStoreException where the store is closed
  ///   meanwhile
  public ByteString scan(ByteString after, Scan scan) {
    try (KeyValueIterator<Bytes, byte[]> rows =
        records.range(after.isEmpty() ? null : Bytes.wrap(after.toByteArray()), null)) {
      while (rows.hasNext()) {
        KeyValue<Bytes, byte[]> next = rows.next();
        ByteString key = ByteString.copyFrom(next.key.get());
        if (!key.equals(after)) {
          String id = key.toStringUtf8();
          if (!scan.take(id, parsed(id, next.value).placement())) {
            return rows.hasNext() ? key : ByteString.EMPTY;
          }
        }
      }
      return ByteString.EMPTY;
    }
  }

  /// Passes the images that may match another to the collector, in no order.
  ///
  /// @param image of this partition or of another one
  /// @param filter which images may match it
  void candidates(
      PlacedRevision image,
      CandidateCriteria criteria,
      MetadataFilter filter,
      CandidateCollector collector) {
    Arrival arrival =
        index.arrival(new IndexedImage(image.id(), image.code(), image.fingerprint(), Map.of()));
    index.candidates(arrival, criteria, filter, collector);
  }

  /// The nearest home images with the placement of each.
  public PartitionHits search(PartitionQuery query) {
    return searcher.search(query);
  }

  /// Number of images homed here.
  public int images() {
    return index.images();
  }

  /// Number of those whose nearest center is this one.
  public int images(int center) {
    return index.images(center);
  }

  /// Heap bytes that the search structure holds.
  public long structureBytes() {
    return index.bytes();
  }
}

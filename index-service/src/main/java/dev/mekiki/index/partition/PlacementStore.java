package dev.mekiki.index.partition;

import dev.mekiki.hashing.bucket.Arrival;
import dev.mekiki.hashing.bucket.CandidateCollector;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.index.streamsinternals.RestoreHook;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.Placement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The placements of one partition: records in RocksDB, and beside them the search structure, equal
/// to them at every moment that a writer does not stand between the two.
///
/// The structure is rebuilt from the records on open and kept by put and by restore, on standbys
/// too. It implements {@link StateStore} alone, since Kafka Streams wraps a key-value store and
/// hides its type.
///
/// One thread writes at a time: the stream thread while active, the state updater while restoring
/// or standing by. Reads may come from any thread; on an active store they may see puts that are
/// not committed yet.
public final class PlacementStore implements StateStore {
  /// The store's name in the topology.
  public static final String NAME = "placements";

  private static final Logger log = LoggerFactory.getLogger(PlacementStore.class);

  private final GenerationGeometry geometry;
  private final FilterableKeys filterable;
  private final HostedPartitions hosted;
  private final KeyValueStore<Bytes, byte[]> records = Stores.persistentKeyValueStore(NAME).get();
  private final PartitionIndex index;
  private final CheckedSearch searcher;
  private volatile int partition = -1;
  private volatile boolean active;

  PlacementStore(GenerationGeometry geometry, FilterableKeys filterable, HostedPartitions hosted) {
    this.geometry = geometry;
    this.filterable = filterable;
    this.hosted = hosted;
    index = new PartitionIndex(geometry.centers());
    searcher = new CheckedSearch(this, index, hosted.searches(), filterable);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    RestoreHook hook = new RestoreHook(context);
    partition = context.taskId().partition();
    open(context, hook, root);
    boolean startupCheck = hosted.isStartupCheck();
    if (!startupCheck) {
      rebuild(context);
    }
    RowReader reader = reader();
    hook.register(root, (batch, inner) -> restore(inner, reader, batch));
    if (!startupCheck) {
      hosted.publish(partition, this);
    }
  }

  private void open(StateStoreContext context, RestoreHook hook, StateStore root) {
    boolean hadFiles = RestoreHook.hasFiles(context, NAME);
    try {
      records.init(hook.innerContext(), root);
    } catch (ProcessorStateException e) {
      if (hadFiles) {
        throw damaged(context, e);
      }
      throw e;
    }
  }

  /// What makes Kafka Streams wipe the task's files and read the topic again.
  private TaskCorruptedException damaged(StateStoreContext context, Exception cause) {
    records.close();
    log.warn(
        "State is damaged and is read again from the topic task={} dir={} defect={} cause={}",
        context.taskId(),
        context.stateDir(),
        cause.getMessage(),
        cause.getCause() == null ? "none" : cause.getCause().getMessage());
    return new TaskCorruptedException(Set.of(context.taskId()));
  }

  /// Reads every record into the structure. One that cannot be read means that the files are
  /// damaged. Where they are again after they were read from the topic, reading them once more
  /// would go on for ever: the records concerned are removed instead.
  private void rebuild(StateStoreContext context) {
    long start = System.nanoTime();
    index.clear();
    List<Bytes> unreadable = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = records.all()) {
      RowStream.putAll(
          all,
          reader(),
          index,
          (key, defect) -> {
            if (hosted.isFirstDamage(partition)) {
              throw defect;
            }
            unreadable.add(key);
          });
    } catch (DefectiveRecordException e) {
      throw damaged(context, e);
    }
    if (!unreadable.isEmpty()) {
      unreadable.forEach(records::delete);
      log.error(
          "Placements were removed: they could not be read, again after their files were made anew"
              + " from the topic; searches do not find their images. Check the disk, then delete the"
              + " state directory and restart task={} dir={} removed={}",
          context.taskId(),
          context.stateDir(),
          unreadable.size());
    }
    log.info(
        "Search structure built partition={} images={} placements={} millis={}",
        partition,
        index.homeImages(),
        index.images(),
        (System.nanoTime() - start) / 1_000_000);
  }

  private RowReader reader() {
    return new RowReader(geometry, partition, filterable);
  }

  /// Hands a batch to RocksDB first and to the structure then, so that whatever a search finds can
  /// be looked up. Defective records are left out of both.
  private void restore(
      RecordBatchingStateRestoreCallback inner,
      RowReader reader,
      Collection<ConsumerRecord<byte[], byte[]>> batch) {
    record Restored(String id, @Nullable IndexedImage row) {}
    List<ConsumerRecord<byte[], byte[]>> sound = new ArrayList<>(batch.size());
    List<Restored> restored = new ArrayList<>(batch.size());
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      try {
        String id = RecordChecks.imageId(record.key());
        byte @Nullable [] value = record.value();
        restored.add(new Restored(id, value == null ? null : reader.row(id, value)));
        sound.add(record);
      } catch (DefectiveRecordException e) {
        hosted
            .leftOut()
            .add(
                LeftOutRecords.Source.CODE_PLACEMENTS,
                record.topic() + "-" + record.partition() + "@" + record.offset(),
                e);
      }
    }
    inner.restoreBatch(sound);
    for (Restored record : restored) {
      IndexedImage row = record.row();
      if (row == null) {
        index.remove(record.id());
      } else {
        index.put(row);
      }
    }
  }

  /// Called when the partition index starts to process: from now on the store is up to date.
  void activate() {
    active = true;
  }

  /// Called when the partition index ends: the store stands by, or will be closed.
  void deactivate() {
    active = false;
  }

  /// Replaces or adds a placement.
  ///
  /// @param revision the placement's revision
  /// @param placement the parsed value
  /// @param value the record's bytes, which are stored as they are
  /// @return what {@link #candidates} needs of the image put; its distances to the centers were
  ///   computed for the put already
  Arrival put(PlacedRevision revision, Placement placement, byte[] value) {
    records.put(key(revision.id()), value);
    Arrival arrival =
        index.arrival(
            new IndexedImage(
                revision.id(),
                revision.code(),
                revision.fingerprint(),
                revision.homePartition() == partition,
                filterable.in(placement.getFilterableMetadataMap())));
    index.put(arrival);
    return arrival;
  }

  /// Removes a placement, if there is one.
  void remove(String id) {
    index.remove(id);
    records.delete(key(id));
  }

  /// The placement of an image in this partition, home or replica.
  public Optional<Placement> placement(String id) {
    byte @Nullable [] value = records.get(key(id));
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(PlacementRows.parse(value, geometry));
    } catch (DefectiveRecordException e) {
      // Every value was checked when it came in, so the files have changed beneath us. The stream
      // thread that meets this is replaced, and the store is then opened and repaired.
      throw new IllegalStateException(
          "placement of '%s' in partition %d cannot be read any more".formatted(id, partition), e);
    }
  }

  /// Passes the images that may match an arrival to the collector, in no order.
  ///
  /// @param arrival what {@link #put} returned
  /// @param policy how near a candidate is
  /// @param withReplicas true to find boundary replicas, too, and not only home images; needed
  ///   where the arrival is a home image here
  void candidates(
      Arrival arrival, MatchPolicy policy, boolean withReplicas, CandidateCollector collector) {
    index.candidates(
        arrival, policy.codeRadius(), policy.candidateFingerprintRadius(), withReplicas, collector);
  }

  /// The nearest home images with the placement of each.
  public PartitionHits search(PartitionQuery query) {
    return searcher.search(query);
  }

  /// Number of this partition.
  public int partition() {
    return partition;
  }

  /// True while this instance processes the partition; false for a standby and while restoring.
  public boolean isActive() {
    return active;
  }

  /// Number of images homed here.
  public int homeImages() {
    return index.homeImages();
  }

  /// Number of placements, boundary replicas included.
  public int placements() {
    return index.images();
  }

  /// Heap bytes that the search structure holds.
  public long structureBytes() {
    return index.bytes();
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
  public void close() {
    active = false;
    hosted.withdraw(partition, this);
    records.close();
  }

  @Override
  public boolean persistent() {
    return true;
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

  private static Bytes key(String id) {
    return Bytes.wrap(id.getBytes(StandardCharsets.UTF_8));
  }
}

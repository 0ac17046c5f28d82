package dev.mekiki.index.partition;

import dev.mekiki.hashing.bucket.Arrival;
import dev.mekiki.hashing.bucket.CandidateCollector;
import dev.mekiki.hashing.bucket.CandidateCriteria;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.bucket.PartitionQuery;
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
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The placements of one partition: records in RocksDB, and beside them the search structure, equal
/// to them at every moment that a writer does not stand between the two.
///
/// The structure is rebuilt from the records on open and kept by put and by restore, on standbys
/// too. Kafka Streams wraps it into one that logs each put to the changelog: writers go through
/// that, readers find this one at {@link HostedPartitions}.
///
/// One thread writes at a time: the stream thread while active, the state updater while restoring
/// or standing by. Reads may come from any thread; on an active store they may see puts that are
/// not committed yet.
public final class PlacementStore extends ForwardingStore {
  /// The store's name in the topology.
  public static final String NAME = "placements";

  private static final Logger log = LoggerFactory.getLogger(PlacementStore.class);

  /// Before the store is initialized.
  private static final int UNKNOWN = -1;

  private final GenerationGeometry geometry;
  private final FilterableKeys filterable;
  private final HostedPartitions hosted;
  private final PartitionIndex index;
  private final CheckedSearch searcher;
  private RowReader writer;
  private volatile int partition = UNKNOWN;
  private volatile boolean active;
  private final LongAdder arrivals = new LongAdder();
  private final LongAdder probesSent = new LongAdder();

  PlacementStore(GenerationGeometry geometry, FilterableKeys filterable, HostedPartitions hosted) {
    super(Stores.persistentKeyValueStore(NAME).get());
    this.geometry = geometry;
    this.filterable = filterable;
    this.hosted = hosted;
    writer = new RowReader(geometry, UNKNOWN, filterable);
    index = new PartitionIndex(geometry.centers());
    searcher = new CheckedSearch(this, index, hosted.searches(), filterable);
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    RestoreHook hook = new RestoreHook(context);
    partition = context.taskId().partition();
    writer = reader();
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

  /// What makes Kafka Streams wipe the task's files and read the changelog again.
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
        "Search structure built partition={} images={} millis={}",
        partition,
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
                LeftOutRecords.Source.PLACEMENTS_CHANGELOG,
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

  /// Called when the partition index starts to process: from now on the store is up to date.
  void activate() {
    active = true;
  }

  /// Called when the partition index ends: the store stands by, or will be closed.
  void deactivate() {
    active = false;
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    if (value == null) {
      delete(key);
      return;
    }
    try {
      IndexedImage row = writer.row(RecordChecks.imageId(key.get()), value);
      records.put(key, value);
      index.put(row);
    } catch (DefectiveRecordException e) {
      // The processor writes what it has checked.
      throw new IllegalArgumentException("put into partition %d".formatted(partition), e);
    }
  }

  @Override
  public byte @Nullable [] putIfAbsent(Bytes key, byte @Nullable [] value) {
    byte @Nullable [] known = get(key);
    if (known == null) {
      put(key, value);
    }
    return known;
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    entries.forEach(entry -> put(entry.key, entry.value));
  }

  @Override
  public byte @Nullable [] delete(Bytes key) {
    index.remove(new String(key.get(), StandardCharsets.UTF_8));
    return records.delete(key);
  }

  /// The row of an image whose home this partition is.
  Optional<StoredRow> row(String id) {
    byte @Nullable [] value = records.get(key(id));
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(StoredRow.parse(value, geometry, partition));
    } catch (DefectiveRecordException e) {
      // Every value was checked when it came in, so the files have changed beneath us. The stream
      // thread that meets this is replaced, and the store is then opened and repaired.
      throw new IllegalStateException(
          "placement of '%s' in partition %d cannot be read any more".formatted(id, partition), e);
    }
  }

  /// The placement of an image whose home this partition is.
  public Optional<Placement> placement(String id) {
    return row(id).map(StoredRow::placement);
  }

  /// Passes the images that may match another to the collector, in no order.
  ///
  /// @param image of this partition or of another one
  void candidates(PlacedRevision image, CandidateCriteria criteria, CandidateCollector collector) {
    Arrival arrival =
        index.arrival(new IndexedImage(image.id(), image.code(), image.fingerprint(), Map.of()));
    index.candidates(arrival, criteria, collector);
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
  public int images() {
    return index.images();
  }

  /// Heap bytes that the search structure holds.
  public long structureBytes() {
    return index.bytes();
  }

  @Override
  public void close() {
    active = false;
    hosted.withdraw(partition, this);
    records.close();
  }

  /// The key of an image's row.
  static Bytes key(String id) {
    return Bytes.wrap(id.getBytes(StandardCharsets.UTF_8));
  }
}

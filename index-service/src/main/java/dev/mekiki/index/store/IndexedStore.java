package dev.mekiki.index.store;

import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.index.streamsinternals.RestoreHook;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Records of images in RocksDB, by image id, and beside them a search structure of their rows,
/// equal to them at every moment that a writer does not stand between the two.
///
/// The structure is rebuilt from the records on open and kept by put and by restore, on standbys
/// too. Kafka Streams wraps it into one that logs each put to the changelog: writers go through
/// that, readers find this one at its {@link StoreHost}.
///
/// One thread writes at a time: the stream thread while active, the state updater while restoring
/// or standing by. On an active store, readers may see puts that are not committed yet.
///
/// @param <R> a row of the search structure
public abstract class IndexedStore<R> extends ForwardingStore {
  private static final Logger log = LoggerFactory.getLogger(IndexedStore.class);

  /// Before the store is initialized.
  private static final int UNKNOWN = -1;

  private final LeftOutRecords.Source changelog;
  private volatile int partition = UNKNOWN;
  private volatile boolean active;
  private Reader<R> writer =
      (_, _) -> {
        throw new IllegalStateException("write before init");
      };

  /// Reads rows from records. Not thread-safe.
  ///
  /// @param <R> a row of the search structure
  public interface Reader<R> {
    /// The row of a record's value.
    ///
    /// @throws DefectiveRecordException where it holds none for this partition
    R row(String id, byte[] value) throws DefectiveRecordException;
  }

  /// Decides what to do about a record that cannot be read.
  public interface Unreadable {
    /// Returns to go on without the record.
    void handle(Bytes key, DefectiveRecordException defect) throws DefectiveRecordException;
  }

  /// @param name of the store
  /// @param changelog whose defective records are counted
  protected IndexedStore(String name, LeftOutRecords.Source changelog) {
    super(Stores.persistentKeyValueStore(name).get());
    this.changelog = changelog;
  }

  /// A reader of records of the store's partition.
  protected abstract Reader<R> reader();

  /// Adds a row to the structure, or replaces the one of the same image.
  protected abstract void index(String id, R row);

  /// Removes the row of an image from the structure, if there is one.
  protected abstract void unindex(String id);

  /// Removes all rows from the structure.
  protected abstract void clearIndex();

  /// Number of rows in the structure.
  protected abstract int rows();

  /// Adds the rows of all records to the structure.
  ///
  /// @param records stays the caller's to close
  /// @throws DefectiveRecordException where `unreadable` throws it
  protected abstract void indexAll(KeyValueIterator<Bytes, byte[]> records, Unreadable unreadable)
      throws DefectiveRecordException;

  /// The host that knows this store while it is open.
  protected abstract StoreHost<?> host();

  /// Makes the store known to its host.
  protected abstract void publish();

  /// Takes the store from its host.
  protected abstract void withdraw();

  @Override
  public void init(StateStoreContext context, StateStore root) {
    RestoreHook hook = new RestoreHook(context);
    partition = context.taskId().partition();
    writer = reader();
    open(context, hook.innerContext(), root);
    boolean startupCheck = host().isStartupCheck();
    if (!startupCheck) {
      rebuild(context);
    }
    Reader<R> reader = reader();
    hook.register(root, (batch, inner) -> restore(inner, reader, batch));
    if (!startupCheck) {
      publish();
    }
  }

  /// Reads every record into the structure. One that cannot be read means that the files are
  /// damaged. Where they are again after they were read from the topic, reading them once more
  /// would go on for ever: the records concerned are removed instead.
  private void rebuild(StateStoreContext context) {
    long start = System.nanoTime();
    clearIndex();
    List<Bytes> unreadable = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = records.all()) {
      indexAll(
          all,
          (key, defect) -> {
            if (host().isFirstDamage(partition)) {
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
          "Records were removed: they could not be read, again after their files were made anew"
              + " from the topic; searches do not find their images. Check the disk, then delete the"
              + " state directory and restart store={} task={} dir={} removed={}",
          name(),
          context.taskId(),
          context.stateDir(),
          unreadable.size());
    }
    log.info(
        "Search structure built store={} partition={} images={} millis={}",
        name(),
        partition,
        rows(),
        (System.nanoTime() - start) / 1_000_000);
  }

  /// Hands a batch to RocksDB first and to the structure then, so that whatever a search finds can
  /// be looked up. Defective records are left out of both.
  private void restore(
      RecordBatchingStateRestoreCallback inner,
      Reader<R> reader,
      Collection<ConsumerRecord<byte[], byte[]>> batch) {
    record Restored<R>(String id, @Nullable R row) {}
    List<ConsumerRecord<byte[], byte[]>> sound = new ArrayList<>(batch.size());
    List<Restored<R>> restored = new ArrayList<>(batch.size());
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      try {
        String id = RecordChecks.imageId(record.key());
        byte @Nullable [] value = record.value();
        restored.add(new Restored<>(id, value == null ? null : reader.row(id, value)));
        sound.add(record);
      } catch (DefectiveRecordException e) {
        host()
            .leftOut()
            .add(changelog, record.topic() + "-" + record.partition() + "@" + record.offset(), e);
      }
    }
    inner.restoreBatch(sound);
    for (Restored<R> record : restored) {
      R row = record.row();
      if (row == null) {
        unindex(record.id());
      } else {
        index(record.id(), row);
      }
    }
  }

  /// Called when the processor starts to process: from now on the store is up to date.
  public final void activate() {
    active = true;
  }

  /// Called when the processor ends: the store stands by, or will be closed.
  public final void deactivate() {
    active = false;
  }

  /// True while this instance processes the partition; false for a standby and while restoring.
  public final boolean isActive() {
    return active;
  }

  /// Number of this partition.
  public final int partition() {
    return partition;
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    if (value == null) {
      delete(key);
      return;
    }
    try {
      String id = RecordChecks.imageId(key.get());
      R row = writer.row(id, value);
      records.put(key, value);
      index(id, row);
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
    unindex(new String(key.get(), StandardCharsets.UTF_8));
    return records.delete(key);
  }

  @Override
  public void close() {
    active = false;
    withdraw();
    records.close();
  }

  /// The key of an image's record.
  public static Bytes key(String id) {
    return Bytes.wrap(id.getBytes(StandardCharsets.UTF_8));
  }
}

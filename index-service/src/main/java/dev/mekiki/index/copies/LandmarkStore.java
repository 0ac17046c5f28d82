package dev.mekiki.index.copies;

import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.hashing.landmark.LandmarkCandidate;
import dev.mekiki.hashing.landmark.LandmarkIndex;
import dev.mekiki.hashing.landmark.LandmarkReader;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.turned.SoughtFingerprints;
import dev.mekiki.hashing.turned.TurnedCandidate;
import dev.mekiki.hashing.turned.TurnedIndex;
import dev.mekiki.index.flood.FloodControl;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.questions.PartitionQuestions;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.index.store.IndexedStore;
import dev.mekiki.index.store.StoreHost;
import dev.mekiki.schemas.v1.Quarantine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntPredicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// The landmarks of one partition: of each image its record, all landmarks in a {@link
/// LandmarkIndex}, and all fingerprints in a {@link TurnedIndex}. One thread writes, as in every
/// {@link IndexedStore}; any may search landmarks.
///
/// A search of another thread than the writing one holds a lock that keeps writers from the
/// structure, a millisecond or so. The writing thread needs none to read.
public final class LandmarkStore extends IndexedStore<StoredCopy> {
  /// The store's name in the topology.
  public static final String NAME = "landmarks";

  private final int bits;
  private final StoreHost<LandmarkStore> host;
  private LandmarkIndex index = new LandmarkIndex();
  private TurnedIndex fingerprints = new TurnedIndex();
  private final Map<String, Integer> rowOfId = new HashMap<>();

  /// By row of the index; empty where a row is not used.
  private final List<String> idOfRow = new ArrayList<>();

  /// By row of the index, whose image it is. Each tenant's name is kept once.
  private final List<String> tenantOfRow = new ArrayList<>();

  private final Map<String, String> tenants = new HashMap<>();

  /// Between the writing thread and searches of others. Fair: searches that come one after the
  /// other must not keep an arrival waiting.
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

  private final PartitionQuestions<CopyState> questions = new PartitionQuestions<>();
  private volatile @Nullable FloodControl floods;
  private volatile int images;
  private volatile long bytes;

  /// Changes until the structure's bytes are counted again, which walks its parts.
  private int untilCounted;

  private static final int MIN_CHANGES_TO_COUNT = 64;
  private static final int COUNTED_SHARE = 16;

  LandmarkStore(int bits, StoreHost<LandmarkStore> host) {
    super(NAME, LeftOutRecords.Source.LANDMARKS_CHANGELOG);
    this.bits = bits;
    this.host = host;
  }

  /// An image that shares landmarks with one that was looked for.
  ///
  /// @param id of the image
  /// @param found how its landmarks lie
  record Found(String id, LandmarkCandidate found) {}

  /// Names who keeps the quarantines of this partition, while its task is active here.
  void watch(@Nullable FloodControl control) {
    floods = control;
  }

  /// What only the stream thread can answer.
  PartitionQuestions<CopyState> questions() {
    return questions;
  }

  /// What is in quarantine here now.
  public List<Quarantine> quarantines() {
    FloodControl control = floods;
    return control == null ? List.of() : control.current();
  }

  @Override
  protected Reader<StoredCopy> reader() {
    return (_, value) -> StoredCopy.parse(value, bits);
  }

  @Override
  protected void index(String id, StoredCopy row) {
    change(() -> {
      remove(id);
      row.putInto(fingerprints, id);
      int number = index.add(row.landmarks());
      while (idOfRow.size() <= number) {
        idOfRow.add("");
        tenantOfRow.add("");
      }
      idOfRow.set(number, id);
      String tenant = row.image().getTenant();
      tenantOfRow.set(number, tenants.computeIfAbsent(tenant, name -> name));
      rowOfId.put(id, number);
    });
  }

  @Override
  protected void unindex(String id) {
    change(() -> remove(id));
  }

  private void change(Runnable change) {
    lock.writeLock().lock();
    try {
      change.run();
    } finally {
      lock.writeLock().unlock();
    }
    changed();
  }

  private void remove(String id) {
    fingerprints.remove(id);
    Integer number = rowOfId.remove(id);
    if (number != null) {
      index.remove(number);
      idOfRow.set(number, "");
    }
  }

  private void changed() {
    images = index.size();
    if (untilCounted-- == 0) {
      untilCounted = Math.max(MIN_CHANGES_TO_COUNT, images / COUNTED_SHARE);
      bytes = index.bytes() + fingerprints.bytes();
    }
  }

  @Override
  protected void clearIndex() {
    change(() -> {
      index = new LandmarkIndex();
      fingerprints = new TurnedIndex();
      rowOfId.clear();
      idOfRow.clear();
      tenantOfRow.clear();
      tenants.clear();
    });
  }

  @Override
  protected int rows() {
    return index.size();
  }

  @Override
  protected void indexAll(KeyValueIterator<Bytes, byte[]> records, Unreadable unreadable)
      throws DefectiveRecordException {
    Reader<StoredCopy> reader = reader();
    while (records.hasNext()) {
      KeyValue<Bytes, byte[]> record = records.next();
      try {
        String id = RecordChecks.imageId(record.key.get());
        index(id, reader.row(id, record.value));
      } catch (DefectiveRecordException e) {
        unreadable.handle(record.key, e);
      }
    }
  }

  @Override
  protected StoreHost<LandmarkStore> host() {
    return host;
  }

  @Override
  protected void publish() {
    host.publish(NAME, partition(), this);
  }

  @Override
  protected void withdraw() {
    host.withdraw(partition(), this);
  }

  /// What is stored of an image.
  Optional<StoredCopy> copy(String id) {
    byte @Nullable [] value = records.get(key(id));
    return value == null ? Optional.empty() : Optional.of(parse(id, value));
  }

  /// The same of a value that was read.
  StoredCopy parse(String id, byte[] value) {
    try {
      return StoredCopy.parse(value, bits);
    } catch (DefectiveRecordException e) {
      // Every value was checked when it came in, so the files have changed beneath us. The stream
      // thread that meets this is replaced, and the store is then opened and repaired.
      throw new IllegalStateException(
          "landmarks of '%s' in partition %d cannot be read any more".formatted(id, partition()),
          e);
    }
  }

  /// The images that share landmarks with one, those with most votes first. One may come twice: as
  /// it is, and as a mirror image.
  ///
  /// @param tenant whose images are found; null for everybody's
  List<Found> candidates(SoughtLandmarks sought, @Nullable String tenant) {
    return found(index.candidates(sought, CopySettings.MIN_VOTES, rowsOf(tenant)));
  }

  /// The rows of one tenant's images; null where those are all.
  private @Nullable IntPredicate rowsOf(@Nullable String tenant) {
    return tenant == null || isOnly(tenant) ? null : row -> tenant.equals(tenantOfRow.get(row));
  }

  /// Whether no image is another tenant's.
  private boolean isOnly(String tenant) {
    return tenants.isEmpty() || (tenants.size() == 1 && tenants.containsKey(tenant));
  }

  private List<Found> found(List<LandmarkCandidate> candidates) {
    return candidates.stream()
        .map(candidate -> new Found(idOfRow.get(candidate.row()), candidate))
        .toList();
  }

  /// The images whose pictures look like one once that is turned or trimmed, or theirs is trimmed,
  /// the nearest first, so many at most for each turn.
  ///
  /// @param tenant whose images are found; null for everybody's
  List<TurnedCandidate> candidates(
      SoughtFingerprints sought, @Nullable String tenant, int radius, int most) {
    MetadataFilter filter =
        tenant == null || isOnly(tenant)
            ? MetadataFilter.ALL
            : FilterableKeys.filter(Map.of(), tenant);
    return fingerprints.candidates(sought, radius, most, filter);
  }

  /// The same for any thread, from one moment between two changes. What was found may be replaced
  /// or removed by the time its record is looked up.
  ///
  /// @param tenant whose images are found; null for everybody's
  /// @param reader the caller's own
  List<Found> search(SoughtLandmarks sought, @Nullable String tenant, LandmarkReader reader) {
    lock.readLock().lock();
    try {
      return found(reader.candidates(index, sought, CopySettings.MIN_VOTES, rowsOf(tenant)));
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Number of images.
  public int images() {
    return images;
  }

  /// Heap bytes of the search structure, as counted some changes ago.
  public long structureBytes() {
    return bytes;
  }
}

package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.lists.IntList;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The content of a partition's structure: buckets, rows, ids and the writer's tables over them.
///
/// One thread changes it. Each change has a version, which is published when the change is
/// complete. What readers of older versions may still read is cleaned up later, task by task.
final class Content {
  private static final VarHandle BUCKET = MethodHandles.arrayElementVarHandle(Bucket[].class);

  /// Largest number of tasks done after one change, so that no change waits for many.
  private static final int TASKS_PER_CHANGE = 64;

  private final Versions versions;
  private final CenterTable centers;
  private final int words;
  final IdArena ids = new IdArena();
  final MetadataTable metadata = new MetadataTable();
  final Rows rows = new Rows(ids, metadata);
  final FingerprintIndex fingerprints = new FingerprintIndex(rows);
  final Codes codes;
  private final Images images = new Images();
  private final Chains chains;
  private final GraceQueue grace = new GraceQueue();
  private final @Nullable Bucket[] buckets;
  final AtomicInteger imageCount = new AtomicInteger();

  /// What the change under way adds to it.
  private int imagesAdded;

  Content(CenterTable centers, int words, Versions versions) {
    this.centers = centers;
    this.words = words;
    this.versions = versions;
    this.codes = new Codes(words);
    this.chains = new Chains(rows, codes);
    this.buckets = new Bucket[centers.size()];
  }

  /// The rows by image id.
  private final class Images extends RefTable {
    private byte[] sought = {};

    int find(byte[] id, long hash) {
      sought = id;
      return find(hash);
    }

    @Override
    long hash(int row) {
      return ids.hash(rows.id(row));
    }

    @Override
    boolean isSought(int row) {
      return ids.equals(rows.id(row), sought);
    }
  }

  /// The bucket of images with that nearest center, null if there never was one.
  @Nullable Bucket bucket(int center) {
    return (Bucket) BUCKET.getAcquire(buckets, center);
  }

  void put(byte[] id, long[] code, CenterTable.Cell cell, IndexedImage image) {
    long version = versions.current() + 1;
    long hash = IdArena.hash(id);
    int before = images.find(id, hash);
    int row = add(ids.add(id), code, cell, image, version);
    if (before == Rows.NONE) {
      images.add(hash, row);
    } else {
      images.replace(hash, before, row);
      end(before, version);
    }
    finish(version);
  }

  void remove(byte[] id) {
    long hash = IdArena.hash(id);
    int row = images.find(id, hash);
    if (row == Rows.NONE) {
      return;
    }
    long version = versions.current() + 1;
    images.remove(hash, row);
    end(row, version);
    finish(version);
  }

  private int add(int id, long[] code, CenterTable.Cell cell, IndexedImage image, long version) {
    Bucket bucket = bucketFor(cell.center());
    Shell shell = bucket.shell(cell.shell(), words);
    int place = codes.find(shell, code);
    if (place == Codes.NONE) {
      place = codes.add(shell, code);
    }
    int row = bucket.placeRow(rows);
    rows.birth(row, id, place, image, version);
    chains.push(place, row);
    shell.liveRows++;
    bucket.liveRows.incrementAndGet();
    imagesAdded++;
    fingerprints.add(row);
    grace.add(version, GraceQueue.Task.SETTLE_ROW, row);
    return row;
  }

  private void end(int row, long version) {
    Shell shell = codes.shell(rows.code(row));
    shell.liveRows--;
    shell.bucket.liveRows.decrementAndGet();
    imagesAdded--;
    rows.death(row, version);
    fingerprints.remove(row);
    grace.add(version, GraceQueue.Task.UNLINK_ROW, row);
  }

  /// The bucket of a center, created if there is none.
  private Bucket bucketFor(int center) {
    Bucket bucket = buckets[center];
    if (bucket == null) {
      bucket = new Bucket(centers.bits());
      BUCKET.setRelease(buckets, center, bucket);
    }
    return bucket;
  }

  /// Publishes a change and does the tasks that no reader can notice any more.
  private void finish(long version) {
    imageCount.addAndGet(imagesAdded);
    imagesAdded = 0;
    versions.publish(version);
    boolean changed = chains.sweep();
    handOn(version + 1);
    long oldest = versions.oldest();
    for (int done = 0; done < TASKS_PER_CHANGE && !grace.isEmpty(); done++) {
      if (grace.version() > oldest) {
        if (!changed) {
          return;
        }
        // What was just unlinked is one version more away from readers.
        versions.publish(versions.current() + 1);
        changed = false;
        oldest = versions.oldest();
        continue;
      }
      GraceQueue.Task task = grace.task();
      int ref = grace.ref();
      grace.drop();
      changed |= perform(task, ref, versions.current() + 1);
    }
    if (changed) {
      versions.publish(versions.current() + 1);
    }
  }

  /// @param next the version that will be published when this has been done
  /// @return true if something became unreachable for new readers, so that the version must rise
  private boolean perform(GraceQueue.Task task, int ref, long next) {
    return switch (task) {
      case SETTLE_ROW -> settle(ref, next);
      case UNLINK_ROW -> {
        chains.unlink(ref);
        handOn(next);
        yield true;
      }
      case FREE_ROW -> {
        rows.free(ref);
        fingerprints.release(ref);
        yield false;
      }
      case FREE_VERSIONS -> {
        rows.freeEntry(ref);
        yield false;
      }
      case FREE_CODE -> {
        codes.shell(ref).free(ref);
        yield false;
      }
    };
  }

  private boolean settle(int row, long next) {
    int entry = rows.settle(row);
    if (entry < 0) {
      return false;
    }
    grace.add(next, GraceQueue.Task.FREE_VERSIONS, entry);
    return true;
  }

  /// Queues the tasks for what has left its chain.
  private void handOn(long next) {
    IntList out = chains.out();
    for (int i = 0; i < out.size(); i++) {
      grace.add(next, GraceQueue.Task.FREE_ROW, out.get(i));
    }
    IntList emptied = chains.emptied();
    for (int i = 0; i < emptied.size(); i++) {
      codes.remove(emptied.get(i));
      grace.add(next, GraceQueue.Task.FREE_CODE, emptied.get(i));
    }
    chains.clearOut();
  }

  long bytes() {
    long bytes = ids.bytes() + rows.bytes() + codes.bytes() + images.bytes() + grace.bytes();
    bytes += fingerprints.bytes();
    for (Bucket bucket : buckets) {
      bytes += bucket == null ? 0 : bucket.bytes();
    }
    return bytes;
  }

  /// Of {@link #bytes}, those that ids take.
  long idBytes() {
    return ids.bytes();
  }
}

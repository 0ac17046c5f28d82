package dev.mekiki.index.partition;

import dev.mekiki.hashing.bucket.LocatedImage;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.index.store.IndexedStore.Unreadable;
import dev.mekiki.runtime.lifecycle.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// Reads all records of a store on a thread of its own and puts their rows into the structure on
/// the caller's: the two take about the same time.
final class RowStream {
  private static final int BATCH = 1024;
  private static final int BATCHES_AHEAD = 8;

  private RowStream() {}

  /// Some rows, and why there are no more after them.
  ///
  /// @param last true where nothing follows
  /// @param defect what ended the reading early
  private record Batch(List<LocatedImage> rows, boolean last, @Nullable Throwable defect) {}

  /// Puts the row of each record, on this thread.
  ///
  /// @param records stays the caller's to close; nothing reads it any more on return
  /// @param unreadable called on the reading thread
  /// @throws DefectiveRecordException where `unreadable` throws it
  static void putAll(
      KeyValueIterator<Bytes, byte[]> records,
      RowReader reader,
      PartitionIndex index,
      Unreadable unreadable)
      throws DefectiveRecordException {
    BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(BATCHES_AHEAD);
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name(Thread.currentThread().getName() + "-rows")
            .start(() -> read(records, reader, index, unreadable, batches));
    try {
      Batch batch;
      do {
        batch = batches.take();
        batch.rows().forEach(index::put);
        rethrow(batch.defect());
      } while (!batch.last());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } finally {
      end(thread);
    }
  }

  private static void read(
      KeyValueIterator<Bytes, byte[]> records,
      RowReader reader,
      PartitionIndex index,
      Unreadable unreadable,
      BlockingQueue<Batch> batches) {
    try {
      List<LocatedImage> rows = new ArrayList<>(BATCH);
      @Nullable Throwable defect = null;
      try {
        while (records.hasNext()) {
          KeyValue<Bytes, byte[]> record = records.next();
          try {
            String id = RecordChecks.imageId(record.key.get());
            rows.add(index.locate(reader.row(id, record.value)));
          } catch (DefectiveRecordException e) {
            unreadable.handle(record.key, e);
          }
          if (rows.size() == BATCH) {
            batches.put(new Batch(rows, false, null));
            rows = new ArrayList<>(BATCH);
          }
        }
      } catch (DefectiveRecordException | RuntimeException | Error e) {
        defect = e;
      }
      batches.put(new Batch(rows, true, defect));
    } catch (InterruptedException e) {
      // The other side has ended, and takes no more.
      Thread.currentThread().interrupt();
    }
  }

  private static void rethrow(@Nullable Throwable defect) throws DefectiveRecordException {
    switch (defect) {
      case null -> {}
      case DefectiveRecordException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(defect);
    }
  }

  /// The iterator must not be closed under the thread that reads it.
  private static void end(Thread thread) {
    thread.interrupt();
    Threads.join(thread);
  }
}

package dev.mekiki.index.streamsinternals;

import java.nio.file.Files;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;

/// Lets a store be restored together with an inner store of Kafka Streams: the inner one opens in
/// {@link #innerContext}, and each batch read from the topic goes to the outer one, which hands on
/// to the inner one what it wants.
public final class RestoreHook {
  private final StateStoreContext task;
  private final RestoreHookContext inner;

  /// @param task the context the outer store was initialized with
  public RestoreHook(StateStoreContext task) {
    this.task = task;
    this.inner = new RestoreHookContext(task);
  }

  /// What restores both.
  public interface Restorer {
    /// Takes a batch read from the topic.
    ///
    /// @param inner takes the part of the batch that the inner store keeps
    void restore(
        Collection<ConsumerRecord<byte[], byte[]>> batch, RecordBatchingStateRestoreCallback inner);
  }

  /// The context to initialize the inner store with.
  public StateStoreContext innerContext() {
    return inner;
  }

  /// Registers the outer store, once the inner one is initialized.
  ///
  /// @param root the store that the outer one was initialized with
  /// @throws IllegalStateException where the inner store does not restore batches of records
  public void register(StateStore root, Restorer restorer) {
    RestoreHookContext.Registration registered = inner.registration();
    if (!(registered.restore() instanceof RecordBatchingStateRestoreCallback innerRestore)) {
      throw new IllegalStateException(
          "restore callback of the inner store: %s (expected: one that takes batches of records)"
              .formatted(registered.restore().getClass().getName()));
    }
    // A variable of this type: a lambda would be taken for a callback of single records.
    RecordBatchingStateRestoreCallback both = batch -> restorer.restore(batch, innerRestore);
    task.register(root, both, registered.commit());
  }

  /// Whether a RocksDB store of that name has files in the task's directory.
  public static boolean hasFiles(StateStoreContext task, String store) {
    return Files.exists(task.stateDir().toPath().resolve("rocksdb").resolve(store));
  }
}

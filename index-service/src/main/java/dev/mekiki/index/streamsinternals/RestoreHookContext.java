package dev.mekiki.index.streamsinternals;

import java.io.File;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.CommitCallback;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// A store context that keeps the inner store's registration back, so that the outer store can
/// register itself with a restore callback that feeds both.
///
/// Everything else goes to the task's own context, which stays the same object when the task turns
/// from standby to active.
final class RestoreHookContext implements StateStoreContext {
  private final StateStoreContext task;
  private @Nullable Registration registration;

  /// What the inner store wanted to register.
  record Registration(StateRestoreCallback restore, CommitCallback commit) {}

  RestoreHookContext(StateStoreContext task) {
    this.task = task;
  }

  /// @throws IllegalStateException where the inner store has registered nothing
  Registration registration() {
    Registration captured = registration;
    if (captured == null) {
      throw new IllegalStateException("the inner store registered no restore callback");
    }
    return captured;
  }

  @Override
  public void register(StateStore store, StateRestoreCallback restore) {
    register(store, restore, () -> {});
  }

  @Override
  public void register(StateStore store, StateRestoreCallback restore, CommitCallback commit) {
    registration = new Registration(restore, commit);
  }

  @Override
  public String applicationId() {
    return task.applicationId();
  }

  @Override
  public TaskId taskId() {
    return task.taskId();
  }

  @Override
  public Optional<RecordMetadata> recordMetadata() {
    return task.recordMetadata();
  }

  @Override
  public Serde<?> keySerde() {
    return task.keySerde();
  }

  @Override
  public Serde<?> valueSerde() {
    return task.valueSerde();
  }

  @Override
  public File stateDir() {
    return task.stateDir();
  }

  @Override
  public StreamsMetrics metrics() {
    return task.metrics();
  }

  @Override
  public Map<String, Object> appConfigs() {
    return task.appConfigs();
  }

  @Override
  public Map<String, Object> appConfigsWithPrefix(String prefix) {
    return task.appConfigsWithPrefix(prefix);
  }
}

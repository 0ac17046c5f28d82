package dev.mekiki.index.streamsinternals;

import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/// Runs an action of a processor before each commit of its task, while it may still forward records
/// and write to stores: what it sends belongs to the transaction that the commit ends. Kafka
/// Streams has no such hook, but flushes the caches of a task's stores then; this is a store that
/// holds nothing and takes part in that.
///
/// Owned by one stream thread.
public final class BeforeCommit implements StateStore, CachedStateStore<Object, Object> {
  private final String name;
  private @Nullable Action action;
  private boolean open;

  /// What is run, and as which processor.
  private record Action(
      InternalProcessorContext<?, ?> context, ProcessorNode<?, ?, ?, ?> node, Runnable run) {}

  private BeforeCommit(String name) {
    this.name = name;
  }

  /// A builder of stores of that name, for `Topology.addStateStore`.
  public static StoreBuilder<BeforeCommit> builder(String name) {
    return new Builder(name);
  }

  /// Sets the action. Called by the processor's `init`.
  ///
  /// @param context what `init` was given
  /// @param action what to do before each commit; may forward as the processor does
  public void run(ProcessorContext<?, ?> context, Runnable action) {
    if (!(context instanceof InternalProcessorContext<?, ?> internal)) {
      throw new IllegalArgumentException(
          "context: %s (expected: that of Kafka Streams)".formatted(context.getClass().getName()));
    }
    this.action = new Action(internal, internal.currentNode(), action);
  }

  @Override
  public void flushCache() {
    Action present = action;
    if (present == null) {
      return;
    }
    ProcessorNode<?, ?, ?, ?> before = present.context().currentNode();
    present.context().setCurrentNode(present.node());
    try {
      present.run().run();
    } finally {
      present.context().setCurrentNode(before);
    }
  }

  @Override
  public void clearCache() {
    // Nothing is held.
  }

  @Override
  public boolean setFlushListener(
      CacheFlushListener<Object, Object> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    context.register(root, (key, value) -> {});
    open = true;
  }

  @Override
  public void close() {
    open = false;
    action = null;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  private record Builder(String name) implements StoreBuilder<BeforeCommit> {
    @Override
    public StoreBuilder<BeforeCommit> withCachingEnabled() {
      return this;
    }

    @Override
    public StoreBuilder<BeforeCommit> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<BeforeCommit> withLoggingEnabled(Map<String, String> config) {
      throw new UnsupportedOperationException("nothing is held that could be logged");
    }

    @Override
    public StoreBuilder<BeforeCommit> withLoggingDisabled() {
      return this;
    }

    @Override
    public BeforeCommit build() {
      return new BeforeCommit(name);
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }
  }
}

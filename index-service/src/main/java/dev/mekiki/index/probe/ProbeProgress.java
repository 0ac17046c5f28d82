package dev.mekiki.index.probe;

import java.util.BitSet;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// How far a partition has come with sending and processing probes. It is kept here, and stored
/// once before each commit, so that the store logs each number once a transaction. Owned by one
/// stream thread.
public final class ProbeProgress {
  /// The key in the store under which the number of arrivals stands that sent probes. Those of
  /// other partitions stand under their number.
  private static final int SENT = -1;

  private final KeyValueStore<Integer, Long> store;
  private final long[] processed;
  private final BitSet changed = new BitSet();
  private long sent;
  private boolean sentChanged;

  /// @param store holds the progress as of the last commit
  /// @param partitions of the generation
  public ProbeProgress(KeyValueStore<Integer, Long> store, int partitions) {
    this.store = store;
    this.processed = new long[partitions];
    sent = known(SENT);
    for (int partition = 0; partition < partitions; partition++) {
      processed[partition] = known(partition);
    }
  }

  private long known(int key) {
    @Nullable Long value = store.get(key);
    return value == null ? 0 : value;
  }

  /// The number of the next arrival that sends probes, from 1 on.
  public long nextSequence() {
    sent++;
    sentChanged = true;
    return sent;
  }

  /// The number of the last arrival that sent probes; 0 for none.
  public long lastSequence() {
    return sent;
  }

  /// The sequence of the last probe processed from another partition; 0 for none.
  public long lastProcessed(int from) {
    return processed[from];
  }

  /// Notes that a probe is processed.
  ///
  /// A number that is not above the last one says that the group's offsets were lost and Kafka
  /// delivers probes again, or that another program wrote to the topic. It counts all the same:
  /// what a strange record says is corrected by the next probe.
  ///
  /// @return whether the number is above the last one
  public boolean processed(int from, long sequence) {
    boolean next = sequence > processed[from];
    processed[from] = sequence;
    changed.set(from);
    return next;
  }

  /// Stores what changed since the last call.
  public void store() {
    if (sentChanged) {
      store.put(SENT, sent);
      sentChanged = false;
    }
    changed.stream().forEach(from -> store.put(from, processed[from]));
    changed.clear();
  }
}

package dev.mekiki.query.cluster;

import dev.mekiki.runtime.generation.GenerationGeometry;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The generation that searches go to. Where another one becomes active, the service changes over
/// at one moment: as soon as the new one is hosted as completely as the one before. Until then the
/// one before goes on, so that no answer is partial because of the change. A search asks once and
/// keeps to the answer. Thread-safe.
public final class ServedGeneration implements Supplier<@Nullable GenerationGeometry> {
  private static final Logger log = LoggerFactory.getLogger(ServedGeneration.class);

  private final Supplier<ClusterView> view;
  private final AtomicReference<State> state = new AtomicReference<>(new State(null, null));

  /// @param served the generation that searches go to, or null
  /// @param active another one that is to follow it, or null
  private record State(@Nullable GenerationGeometry served, @Nullable GenerationGeometry active) {
    State follow(GenerationGeometry next) {
      boolean isServed = served == null || served.id().equals(next.id());
      return isServed ? new State(next, null) : new State(served, next);
    }
  }

  /// @param view all index instances as last heard
  public ServedGeneration(Supplier<ClusterView> view) {
    this.view = view;
  }

  /// Another generation has become active.
  public void follow(GenerationGeometry active) {
    State _ = state.updateAndGet(before -> before.follow(active));
  }

  /// The generation that a request is answered by; null until one is active.
  @Override
  public @Nullable GenerationGeometry get() {
    State now = state.get();
    GenerationGeometry served = now.served();
    GenerationGeometry active = now.active();
    if (served == null
        || active == null
        || missing(active) > missing(served)
        || missingLandmarks(active) > missingLandmarks(served)) {
      return served;
    }
    if (state.compareAndSet(now, new State(active, null))) {
      log.info("Searches go to another generation from={} to={}", served.id(), active.id());
    }
    return get();
  }

  /// The share of the partitions that no reachable instance hosts.
  private double missing(GenerationGeometry generation) {
    int partitions = generation.partitions();
    return (double) view.get().of(generation.id()).missing(partitions).size() / partitions;
  }

  /// The same of partitions of landmarks; 0 where copies are not looked for.
  private double missingLandmarks(GenerationGeometry generation) {
    ClusterView hosted = view.get().of(generation.id());
    int partitions = hosted.landmarkPartitions();
    return partitions == 0 ? 0 : (double) hosted.missingLandmarks().size() / partitions;
  }
}

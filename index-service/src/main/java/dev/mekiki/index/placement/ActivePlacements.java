package dev.mekiki.index.placement;

import dev.mekiki.index.lease.Lease;
import dev.mekiki.schemas.v1.PlacedImage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/// The stores of {@link PlacementProcessor}s that process their partition now. A store is here only
/// while its task is active and fully restored, so what it does not know is not indexed.
///
/// One exception is handled here: the stream thread of a process that was frozen may not know yet
/// that it was replaced, so it renews a {@link Lease}.
///
/// Thread-safe.
public final class ActivePlacements {
  private final Map<Integer, Active> stores = new ConcurrentHashMap<>();
  private final Duration lease;
  private final LongSupplier nanoClock;

  /// What an active store says of an id.
  public sealed interface Answer {
    /// The image is indexed.
    record Indexed(PlacedImage image) implements Answer {}

    /// The image is not indexed: the store is up to date.
    record NotIndexed() implements Answer {}

    /// The store does not know the id, but may not be up to date.
    record Uncertain() implements Answer {}

    /// The partition is not active here.
    record NotActive() implements Answer {}
  }

  /// @param lease for how long the cluster keeps a silent instance's partitions: the session
  ///   timeout
  public ActivePlacements(Duration lease) {
    this(lease, System::nanoTime);
  }

  ActivePlacements(Duration lease, LongSupplier nanoClock) {
    this.lease = lease;
    this.nanoClock = nanoClock;
  }

  /// Looks an id up in the active store of its partition.
  ///
  /// @param partition of `image-codes`
  public Answer find(int partition, String id) {
    Active active = stores.get(partition);
    if (active == null) {
      return new Answer.NotActive();
    }
    try {
      @Nullable PlacedImage image = active.store().apply(id);
      if (image != null) {
        return new Answer.Indexed(image);
      }
    } catch (InvalidStateStoreException e) {
      // Closed meanwhile.
      return new Answer.NotActive();
    }
    // Looked at again after the read: the store may have been closed and emptied before it.
    return active.equals(stores.get(partition)) && active.lease().isHeld()
        ? new Answer.NotIndexed()
        : new Answer.Uncertain();
  }

  /// Publishes the store of a partition, in place of an earlier one.
  ///
  /// @param store looks an id up, null where it has none
  /// @return withdraws the store; a later one of the same partition stays
  Runnable publish(int partition, Function<String, @Nullable PlacedImage> store) {
    Active active = new Active(store, Lease.ofThread(lease, nanoClock));
    stores.put(partition, active);
    return () -> stores.remove(partition, active);
  }

  /// How often {@link #renew} must be called at least.
  Duration renewalInterval() {
    return lease.dividedBy(10);
  }

  /// Called by the stream thread of the partition, which shows that it runs.
  void renew(int partition) {
    Active active = stores.get(partition);
    if (active != null) {
      active.lease().renew();
    }
  }

  /// A store, and the lease that its stream thread renews.
  private record Active(Function<String, @Nullable PlacedImage> store, Lease lease) {}
}

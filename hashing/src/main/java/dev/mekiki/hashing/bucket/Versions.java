package dev.mekiki.hashing.bucket;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/// The states of a structure, numbered: one writer publishes them, readers stay in one each without
/// a lock, and the writer learns which states no reader can be in any more.
///
/// A reader enters, which records a version that is not younger than any it will read, and then
/// gets the version it stays in. The writer publishes a version and then looks for the oldest in
/// use. Both are sequentially consistent: where the writer does not see a reader, that reader sees
/// what the writer published before it looked. So whatever was taken out of the structure in
/// version v is out of every reader's reach once {@link #oldest} is v or later.
///
/// After epoch-based reclamation (K. Fraser, Practical lock-freedom, 2004).
final class Versions {
  private static final int SLOTS = 128;

  /// Longs between two slots, so that readers do not share cache lines.
  private static final int STRIDE = 16;

  private static final long FREE = 0;
  private static final long WAIT_NANOS = 10_000;

  private final AtomicLongArray slots = new AtomicLongArray(SLOTS * STRIDE);
  private final AtomicInteger readers = new AtomicInteger();
  private volatile long published = 1;

  /// Takes a slot, which {@link #leave} returns. If there are more readers than slots, they wait
  /// for each other.
  int enter() {
    readers.incrementAndGet();
    int start = (int) Thread.currentThread().threadId();
    for (int attempt = 0; ; attempt++) {
      int slot = (start + attempt) & (SLOTS - 1);
      if (slots.get(slot * STRIDE) == FREE && slots.compareAndSet(slot * STRIDE, FREE, published)) {
        return slot;
      }
      if (attempt % SLOTS == SLOTS - 1) {
        LockSupport.parkNanos(WAIT_NANOS);
      }
    }
  }

  void leave(int slot) {
    slots.set(slot * STRIDE, FREE);
    readers.decrementAndGet();
  }

  /// Number of slots: each belongs to one reader at a time.
  static int slots() {
    return SLOTS;
  }

  /// The version published last.
  long current() {
    return published;
  }

  /// For the writer: everything done so far is seen by those who read this version.
  void publish(long version) {
    published = version;
  }

  /// No reader is in a version older than this one, nor will be.
  long oldest() {
    long oldest = published;
    if (readers.get() == 0) {
      return oldest;
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      long version = slots.get(slot * STRIDE);
      if (version != FREE && version < oldest) {
        oldest = version;
      }
    }
    return oldest;
  }
}

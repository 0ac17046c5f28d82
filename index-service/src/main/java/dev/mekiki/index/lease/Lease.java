package dev.mekiki.index.lease;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Whether partitions that are active here may be relied on. Whoever was frozen for a session may
/// have lost them without knowing: stores are still open and active, and others have gone on. So a
/// lease is renewed while something runs. After too long a gap it is not held for one session: by
/// then stream threads have learnt from Kafka whether they were replaced.
///
/// Thread-safe.
public final class Lease {
  private final long longestGap;
  private final long distrust;
  private final LongSupplier nanoTime;
  private long renewed;
  private long heldFrom;

  private Lease(long longestGap, Duration session, LongSupplier nanoTime) {
    this.longestGap = longestGap;
    this.distrust = session.toNanos();
    this.nanoTime = nanoTime;
    this.renewed = nanoTime.getAsLong();
    this.heldFrom = renewed;
  }

  /// Of a stream thread, which renews it itself.
  ///
  /// @param session after so long without a sign the cluster gives the partitions to others
  /// @param nanoTime a clock, in nanoseconds
  public static Lease ofThread(Duration session, LongSupplier nanoTime) {
    return new Lease(session.toNanos(), session, nanoTime);
  }

  /// Of a process.
  ///
  /// @param session after so long without a sign the cluster gives the partitions to others
  public static Lease ofProcess(Duration session) {
    return ofProcess(session, System::nanoTime);
  }

  static Lease ofProcess(Duration session, LongSupplier nanoTime) {
    // The last heartbeat may be older than the last renewal.
    return new Lease(session.toNanos() * 2 / 3, session, nanoTime);
  }

  /// To be called several times a session.
  public synchronized void renew() {
    long now = nanoTime.getAsLong();
    if (now - renewed > longestGap) {
      heldFrom = now + distrust;
    }
    renewed = now;
  }

  /// Whether it was renewed without a gap for long enough.
  public synchronized boolean isHeld() {
    long now = nanoTime.getAsLong();
    return now - renewed <= longestGap && now - heldFrom >= 0;
  }
}

package dev.mekiki.index.lifecycle;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Whether this process may rely on the partitions that it thinks it has. One that was frozen for
/// nearly a session may have lost them without knowing: its stores are still open and active, and
/// others have gone on. After such a gap nothing is relied on for one session: by then its stream
/// threads have learnt from Kafka whether they were replaced.
///
/// Thread-safe.
public final class ProcessLease {
  private final long longestGap;
  private final long distrust;
  private final LongSupplier nanoTime;
  private long renewed;
  private long heldFrom;

  /// @param session after so long without a sign the cluster gives the partitions to others
  public ProcessLease(Duration session) {
    this(session, System::nanoTime);
  }

  ProcessLease(Duration session, LongSupplier nanoTime) {
    // The last heartbeat may be older than the last renewal.
    this.longestGap = session.toNanos() * 2 / 3;
    this.distrust = session.toNanos();
    this.nanoTime = nanoTime;
    this.renewed = nanoTime.getAsLong();
    this.heldFrom = renewed;
  }

  /// To be called several times a second.
  public synchronized void renew() {
    long now = nanoTime.getAsLong();
    if (now - renewed > longestGap) {
      heldFrom = now + distrust;
    }
    renewed = now;
  }

  /// Whether the process has run without a gap for long enough.
  public synchronized boolean isHeld() {
    long now = nanoTime.getAsLong();
    return now - renewed <= longestGap && now - heldFrom >= 0;
  }
}

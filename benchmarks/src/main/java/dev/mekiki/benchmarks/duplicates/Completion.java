package dev.mekiki.benchmarks.duplicates;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.benchmarks.testbed.Gauges;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.ImageLandmarks;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Knows when the services have done all that the pictures sent so far ask for. Each step is
/// counted where it begins, in records that a read-committed consumer has seen, and where it ends,
/// in the metrics of the services; it is over when both are the same, and then so is the step after
/// it.
///
/// 1. Each picture arrives at its home, and every probe sent is processed. Each match that the
///    index has decided is seen.
/// 2. Each image that has landmarks is looked up in every partition of them. Each pair that the
///    index passes on is seen, then verified, and each match of these is seen.
///
/// After a failure the services count twice what they do twice, and counts may never be the same.
/// So a step is over, too, when nothing has been counted for {@link #STANDSTILL}. Thread-safe.
final class Completion {
  private static final Duration POLL = Duration.ofMillis(100);

  /// Longer than any transaction, retry or collection.
  private static final Duration STANDSTILL = Duration.ofSeconds(60);

  private final Gauges encoder;
  private final Gauges index;
  private final boolean copies;
  private final int partitions;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong lookedUpAtHome = new AtomicLong();
  private final AtomicLong probing = new AtomicLong();
  private final AtomicLong proposed = new AtomicLong();
  private final AtomicLong aligned = new AtomicLong();
  private final AtomicLong otherMatches = new AtomicLong();

  /// @param copies whether the services look for landmarks
  /// @param partitions of landmarks
  Completion(Gauges encoder, Gauges index, boolean copies, int partitions) {
    this.encoder = encoder;
    this.index = index;
    this.copies = copies;
    this.partitions = partitions;
  }

  /// A picture, or the removal of one, was sent.
  void sent(boolean isPicture) {
    if (isPicture) {
      sent.incrementAndGet();
    }
  }

  /// A picture was encoded.
  ///
  /// @param record its landmarks, or its code where no landmarks are looked for
  void encoded(byte[] record) {
    if (!copies) {
      return;
    }
    lookedUpAtHome.incrementAndGet();
    try {
      if (!ImageLandmarks.parseFrom(record).getSought().isEmpty()) {
        probing.incrementAndGet();
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("no landmarks: %d bytes".formatted(record.length), e);
    }
  }

  /// A pair was passed on to be verified.
  void proposed() {
    proposed.incrementAndGet();
  }

  /// An event was seen.
  void matched(DecidedBy decidedBy) {
    (decidedBy == DecidedBy.ALIGNMENT ? aligned : otherMatches).incrementAndGet();
  }

  /// Waits until all is done.
  ///
  /// @return when it was, by {@link System#nanoTime}
  long await(Duration limit) throws InterruptedException {
    long _ = reached("pictures indexed", limit, sent::get, index::arrivals);
    long _ = reached("probes answered", limit, index::probesSent, index::probesProcessed);
    long done =
        reached(
            "matches seen",
            limit,
            () -> (long) index.sum("mekiki_index_matches_total"),
            otherMatches::get);
    return copies ? awaitCopies(limit) : done;
  }

  private long awaitCopies(Duration limit) throws InterruptedException {
    long _ =
        reached(
            "landmarks looked up",
            limit,
            () -> lookedUpAtHome.get() + (partitions - 1) * probing.get(),
            () -> (long) index.sum("mekiki_index_copies_candidates_count"));
    long _ =
        reached(
            "pairs seen",
            limit,
            () -> (long) index.sum("mekiki_index_copies_candidates_sum"),
            proposed::get);
    long _ =
        reached(
            "pairs verified",
            limit,
            proposed::get,
            () -> (long) encoder.sum("mekiki_encoder_verify_pairs_total"));
    return reached(
        "matches of copies seen",
        limit,
        () -> (long) encoder.sum("mekiki_encoder_verify_pairs_total{result=\"COPIES\"}"),
        aligned::get);
  }

  /// Waits until as much was done as was begun.
  private static long reached(String what, Duration limit, LongSupplier begun, LongSupplier done)
      throws InterruptedException {
    long[] last = {Long.MIN_VALUE, Long.MIN_VALUE, System.nanoTime()};
    return Gauges.await(
        what,
        limit,
        POLL,
        () -> {
          long toDo = begun.getAsLong();
          long isDone = done.getAsLong();
          long now = System.nanoTime();
          if (toDo != last[0] || isDone != last[1]) {
            last[0] = toDo;
            last[1] = isDone;
            last[2] = now;
          }
          return toDo <= isDone || now - last[2] > STANDSTILL.toNanos();
        });
  }
}

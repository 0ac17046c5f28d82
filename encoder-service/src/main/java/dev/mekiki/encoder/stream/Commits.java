package dev.mekiki.encoder.stream;

import dev.mekiki.encoder.commit.CodeWriter;
import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoder.record.Work;
import dev.mekiki.encoder.record.Work.Outcome;
import dev.mekiki.encoder.record.Work.SkipReason;
import dev.mekiki.encoder.stream.InFlight.Committable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/// Decides when finished work is committed, commits it and counts what became of it. Used by the
/// loop's thread alone.
final class Commits {
  private static final int COMMIT_SIZE = 256;

  private final InFlight inFlight;
  private final CodeWriter writer;
  private final EncoderMetrics metrics;
  private final long maxDelayNanos;
  private long committableSince;

  /// @param maxDelay how long a finished record may wait for others to share a transaction with
  Commits(InFlight inFlight, CodeWriter writer, EncoderMetrics metrics, Duration maxDelay) {
    this.inFlight = inFlight;
    this.writer = writer;
    this.metrics = metrics;
    this.maxDelayNanos = maxDelay.toNanos();
  }

  boolean isDue() {
    int committable = inFlight.committable();
    long now = System.nanoTime();
    if (committable == 0) {
      committableSince = 0;
      return false;
    }
    if (committableSince == 0) {
      committableSince = now;
    }
    return committable == inFlight.records()
        || committable >= COMMIT_SIZE
        || now - committableSince >= maxDelayNanos;
  }

  /// Commits finished work in one transaction.
  ///
  /// @return whether there was any
  /// @throws org.apache.kafka.common.KafkaException where the transaction failed; all work must be
  ///   read again
  boolean commit(ConsumerGroupMetadata group) {
    Committable committable = inFlight.take(COMMIT_SIZE);
    committableSince = 0;
    if (committable.work().isEmpty()) {
      return false;
    }
    long start = System.nanoTime();
    writer.write(committable.work(), committable.offsets(), group);
    metrics.commit.record(Duration.ofNanos(System.nanoTime() - start));
    committable.work().forEach(this::count);
    return true;
  }

  /// Drops all work in flight, which is read again.
  void dropAll() {
    inFlight.dropAll();
    committableSince = 0;
  }

  private void count(Work work) {
    switch (work.outcome()) {
      case Outcome.Coded _ -> {
        metrics.images.increment();
        metrics.latency.record(
            Math.max(0, System.currentTimeMillis() - work.record().timestamp()),
            TimeUnit.MILLISECONDS);
      }
      case Outcome.Deleted _ -> metrics.deletions.increment();
      case Outcome.Dead dead -> metrics.deadLetters(dead.deadLetter().reason()).increment();
      case Outcome.Skipped(SkipReason reason) -> metrics.skipped(reason).increment();
      case null -> throw new IllegalStateException("work without outcome");
    }
  }
}

package dev.mekiki.encoder.verify;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.encoder.follow.Step;
import dev.mekiki.encoder.verify.CopyVerifier.Outcome;
import dev.mekiki.encoder.verify.VerifyMetrics.Result;
import dev.mekiki.hashing.match.MatchLevel;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.runtime.match.CopyRevisions;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.ReadDecisions;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Verifies one pair: writes the event of copies and its id, and nothing for others. A pair whose
/// verification fails or takes too long is dropped and counted. Thread-safe.
final class VerifyStep implements Step {
  private static final Logger log = LoggerFactory.getLogger(VerifyStep.class);

  /// For decisions that were read where the pair was found, and are not yet here. Longer than that
  /// only those are awaited that nobody made.
  private static final Duration DECISIONS_LIMIT = Duration.ofSeconds(2);

  private static final byte[] NOTED = {};

  private final String matches;
  private final String reported;
  private final CopyVerifier verifier;
  private final PairFilter filter;
  private final Decisions decisions;
  private final VerifyMetrics metrics;
  private final Set<String> loggedDefects = ConcurrentHashMap.newKeySet();

  /// What people decided, as far as it was read.
  @FunctionalInterface
  interface Decisions {
    /// Waits until all of this was read; false where that takes longer than the limit.
    boolean awaitRead(ReadDecisions read, Duration limit) throws InterruptedException;
  }

  /// @param topics has those of events and of their ids
  /// @param filter leaves out pairs; asked again, as the decision may have come since they were
  ///   found
  /// @param decisions that the filter follows
  VerifyStep(
      Topics topics,
      CopyVerifier verifier,
      PairFilter filter,
      Decisions decisions,
      VerifyMetrics metrics) {
    this.matches = topics.matches();
    this.reported = topics.reportedCopies();
    this.verifier = verifier;
    this.filter = filter;
    this.decisions = decisions;
    this.metrics = metrics;
  }

  @Override
  public List<ProducerRecord<byte[], byte[]>> run(ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    Candidate candidate;
    boolean isLeftOut;
    try {
      candidate = Candidate.parse(record.value());
      isLeftOut = isLeftOut(candidate.record());
    } catch (IllegalArgumentException e) {
      leaveOut(record, e);
      return List.of();
    }
    if (isLeftOut) {
      return none(Result.LEFT_OUT);
    }
    long start = System.nanoTime();
    Outcome outcome = verifier.verify(candidate);
    metrics.verification.record(Duration.ofNanos(System.nanoTime() - start));
    return switch (outcome) {
      case Outcome.Found(Match match) -> {
        boolean isCopy = match.getKind() == MatchKind.DUPLICATE;
        metrics.pairs(isCopy ? Result.COPIES : Result.SHARED_ELEMENT).increment();
        yield List.of(event(match), id(match));
      }
      case Outcome.Nothing() -> none(Result.NO_COPIES);
      case Outcome.Reshot() -> none(Result.RESHOT);
      case Outcome.Gone() -> none(Result.GONE);
      case Outcome.Expired() -> none(Result.EXPIRED);
      case Outcome.Undecodable() -> none(Result.DROPPED);
    };
  }

  /// Never by what was decided before the pair was found: index instances have let it pass by what
  /// was decided since.
  private boolean isLeftOut(CopyCandidate pair) throws InterruptedException {
    if (!decisions.awaitRead(pair.getDecisions(), DECISIONS_LIMIT)) {
      return false;
    }
    PlacedRevision sought = CopyRevisions.of(pair.getSoughtId(), pair.getSought());
    PlacedRevision found = CopyRevisions.of(pair.getFoundId(), pair.getFound());
    return filter.reason(sought, found, MatchLevel.DUPLICATE, pair.getFingerprintDistance())
        != null;
  }

  private ProducerRecord<byte[], byte[]> event(Match match) {
    long latency =
        Timestamps.toMillis(match.getMatchTime())
            - Timestamps.toMillis(match.getLater().getImageTime());
    metrics.latency.record(Math.max(0, latency), TimeUnit.MILLISECONDS);
    byte[] key = match.getLater().getId().getBytes(StandardCharsets.UTF_8);
    return KafkaMessageFactory.createWriter(matches, key).writeBinary(MatchEvents.event(match));
  }

  private ProducerRecord<byte[], byte[]> id(Match match) {
    return new ProducerRecord<>(
        reported, match.getEventId().getBytes(StandardCharsets.UTF_8), NOTED);
  }

  private List<ProducerRecord<byte[], byte[]>> none(Result result) {
    metrics.pairs(result).increment();
    return List.of();
  }

  @Override
  public List<ProducerRecord<byte[], byte[]>> failed(
      ConsumerRecord<byte[], byte[]> record, Throwable reason) {
    return none(Result.DROPPED);
  }

  private void leaveOut(ConsumerRecord<byte[], byte[]> record, IllegalArgumentException e) {
    metrics.pairs(Result.DEFECTIVE).increment();
    String defect = BoundedText.message(e);
    if (loggedDefects.add(defect.substring(0, Math.max(0, defect.indexOf(':'))))) {
      log.warn(
          "Defective record left out; find out what writes to this topic. Others with the same"
              + " defect are only counted topic={} partition={} offset={} defect={}",
          record.topic(),
          record.partition(),
          record.offset(),
          defect);
    }
  }
}

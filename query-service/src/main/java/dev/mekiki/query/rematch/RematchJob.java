package dev.mekiki.query.rematch;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.query.cluster.StoredPartitions;
import dev.mekiki.query.rematch.EventIds.FullException;
import dev.mekiki.query.rematch.Pass.Outcome;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchRules;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.Rematch.State;
import dev.mekiki.schemas.v1.RematchProgress;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One process's work on a job: reads which images there are, partition by partition in the order
/// of their ids, has each partition look up the earlier images that they match, and writes the
/// events that there were not yet, with how far it has come, in one transaction.
///
/// Whoever goes on with a job after a kill prepares anew ({@link Preparation}) and begins after the
/// last image that was committed. What was written is known then, so nothing is reported twice
/// whatever was committed.
///
/// For one thread. A step takes some seconds at most.
final class RematchJob implements AutoCloseable {
  /// Images looked up in one step: what a quarter of a second allows, up to a limit.
  private static final int MAX_BATCH = 64;

  private static final int STEPS_A_SECOND = 4;

  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofMillis(500);

  private final RematchState.Job asked;
  private final Supplier<@Nullable GenerationGeometry> active;
  private final ViewOf view;
  private final Preparations preparations;
  private final Passes passes;
  private final RematchWriter writer;
  private final RematchMetrics metrics;
  private final Rematch.Builder job;
  private final Pace.Sleeper sleeper;
  private final Pace pace;
  private final int batchSize;

  private @Nullable MatchRules rules;
  private @Nullable Preparation preparation;
  private @Nullable Pass pass;
  private RematchProgress progress;
  private long committedNanos = System.nanoTime();

  /// The cluster as it stands.
  interface ViewOf {
    StoredPartitions of(GenerationGeometry generation);
  }

  /// Makes a preparation.
  interface Preparations {
    Preparation of(GenerationGeometry geometry, MatchRules rules);
  }

  /// Makes the pass through landmarks.
  interface Passes {
    Pass copies(
        GenerationGeometry geometry, Rematch job, Preparation prepared, RematchProgress progress);
  }

  /// @param asked as the log has it
  /// @param active the active generation, null until there is one
  /// @param writer of events and progress; closed with this
  /// @param sleeper keeps to the rate
  RematchJob(
      RematchState.Job asked,
      Supplier<@Nullable GenerationGeometry> active,
      ViewOf view,
      Preparations preparations,
      Passes passes,
      RematchWriter writer,
      RematchMetrics metrics,
      Pace.Sleeper sleeper) {
    this.asked = asked;
    this.active = active;
    this.view = view;
    this.preparations = preparations;
    this.passes = passes;
    this.writer = writer;
    this.metrics = metrics;
    this.job = asked.view().toBuilder();
    this.sleeper = sleeper;
    int rate = asked.request().getRate();
    this.pace = new Pace(rate, sleeper);
    this.batchSize = Math.clamp(rate / STEPS_A_SECOND, 1, MAX_BATCH);
    RematchProgress committed = asked.progress();
    progress = committed == null ? RematchProgress.getDefaultInstance() : committed;
  }

  String id() {
    return asked.id();
  }

  /// Does the next step.
  ///
  /// @param cancelledBy who wants it cancelled; null where nobody does
  /// @return whether there is more to do
  /// @throws org.apache.kafka.common.KafkaException where Kafka does not take it: another attempt
  ///   goes on from what was committed
  boolean step(@Nullable String cancelledBy) throws InterruptedException {
    try {
      if (cancelledBy != null) {
        job.setCancelledBy(cancelledBy);
        return end(State.CANCELLED, "");
      }
      return work();
    } catch (StatusRuntimeException e) {
      Status.Code code = e.getStatus().getCode();
      String reason = BoundedText.message(e);
      if (code == Status.Code.FAILED_PRECONDITION || code == Status.Code.INVALID_ARGUMENT) {
        return end(State.FAILED, reason);
      }
      // An instance is away or partitions move.
      waits("waits for index instances: " + reason);
      return true;
    } catch (FullException e) {
      return end(State.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private void waits(String message) throws InterruptedException {
    say(message);
    sleeper.sleep(RETRY);
  }

  private void say(String message) {
    String bounded = BoundedText.message(message);
    if (!job.getMessage().equals(bounded)) {
      job.setMessage(bounded);
      commit(List.of(), List.of());
    }
  }

  private boolean end(State state, String message) {
    job.setState(state).setMessage(message).setEndTime(Timestamps.now());
    commit(List.of(), List.of());
    return false;
  }

  private boolean work() throws InterruptedException, FullException {
    GenerationGeometry present = active.get();
    if (present == null) {
      waits("waits for a generation");
      return true;
    }
    if (!job.getGeneration().isEmpty() && !job.getGeneration().equals(present.id())) {
      return end(
          State.FAILED,
          "another generation is active: %s (expected: %s; start a rematch again)"
              .formatted(present.id(), job.getGeneration()));
    }
    MatchRules known = rules;
    if (known == null) {
      known = view.of(present).rules();
      String refusal = refusal(known);
      if (refusal != null) {
        return end(State.FAILED, refusal);
      }
      rules = known;
      job.setGeneration(present.id());
    }
    Preparation prepared = preparation;
    if (prepared == null) {
      prepared = preparations.of(present, known);
      preparation = prepared;
    }
    if (!prepared.isDone()) {
      prepare(prepared);
      return true;
    }
    return lookUp(present, known, prepared);
  }

  private @Nullable String refusal(MatchRules known) {
    return RematchRules.refusal(
        known, job.hasFingerprintRadius() ? job.getFingerprintRadius() : null);
  }

  private void prepare(Preparation prepared) throws InterruptedException, FullException {
    say(prepared.does());
    prepared.step();
    if (prepared.isDone()) {
      job.setState(State.RUNNING).setImagesInTotal(prepared.images()).setMessage("");
      commit(List.of(), List.of());
    }
  }

  /// Looks up the next images.
  private boolean lookUp(GenerationGeometry geometry, MatchRules rules, Preparation prepared)
      throws InterruptedException, FullException {
    Pass now = pass;
    if (now == null) {
      now =
          progress.getCopies()
              ? passes.copies(geometry, job.build(), prepared, progress)
              : placements(geometry, rules, prepared);
      pass = now;
    }
    Outcome outcome = now.next(batchSize);
    if (outcome == null) {
      return passEnded(now, geometry, rules, prepared);
    }
    String reason = outcome.waitsFor();
    if (reason != null) {
      waits(reason);
      return true;
    }
    List<Match> fresh = fresh(outcome.matches(), prepared.known());
    List<CopyCandidate> pairs = freshPairs(outcome.candidates(), prepared.known());
    metrics.images.increment(outcome.lookedUp());
    job.setImages(job.getImages() + outcome.lookedAt()).setMessage("");
    if (!fresh.isEmpty()
        || !pairs.isEmpty()
        || System.nanoTime() - committedNanos >= COMMIT_INTERVAL.toNanos()) {
      commit(fresh, pairs);
    }
    pace.await(outcome.lookedUp());
    return true;
  }

  private Pass placements(GenerationGeometry geometry, MatchRules rules, Preparation prepared) {
    LookUp lookUp =
        new LookUp(
            geometry,
            rules.getLimits(),
            prepared,
            job.hasFingerprintRadius() ? job.getFingerprintRadius() : null);
    return new PlacementPass(geometry, view, job.build(), prepared, lookUp, progress);
  }

  private boolean passEnded(
      Pass ended, GenerationGeometry geometry, MatchRules rules, Preparation prepared) {
    if (!progress.getCopies() && prepared.landmarkPartitions() > 0) {
      ended.close();
      pass = passes.copies(geometry, job.build(), prepared, RematchProgress.getDefaultInstance());
      commit(List.of(), List.of());
      return true;
    }
    return end(
        State.DONE,
        rules.getCopies() && !rules.getCopiesNoted()
            ? "copies that only an alignment finds were left out: an earlier version has begun this"
                + " index, so it is not known which were reported (expected: one that was begun"
                + " anew; start one index instance with --reindex)"
            : "");
  }

  private List<Match> fresh(List<Match> found, EventIds known) throws FullException {
    List<Match> fresh = new ArrayList<>();
    for (Match match : found) {
      if (known.add(match.getEventId())) {
        fresh.add(match);
      }
    }
    job.setEvents(job.getEvents() + fresh.size());
    job.setKnown(job.getKnown() + found.size() - fresh.size());
    metrics.events.increment(fresh.size());
    return fresh;
  }

  private List<CopyCandidate> freshPairs(List<CopyCandidate> found, EventIds known)
      throws FullException {
    List<CopyCandidate> fresh = new ArrayList<>();
    for (CopyCandidate pair : found) {
      if (known.add(MatchEvents.alignmentId(pair))) {
        fresh.add(pair);
      }
    }
    job.setCandidates(job.getCandidates() + fresh.size());
    job.setKnown(job.getKnown() + found.size() - fresh.size());
    metrics.candidates.increment(fresh.size());
    return fresh;
  }

  private void commit(List<Match> fresh, List<CopyCandidate> pairs) {
    RematchProgress.Builder next = progress.toBuilder().setJob(job);
    Pass now = pass;
    if (now != null) {
      now.describe(next);
    }
    progress = next.build();
    writer.write(fresh, pairs, rules == null ? "" : rules.getReportedTopic(), progress);
    committedNanos = System.nanoTime();
  }

  /// Its id, how it stands and what came of it, for the log.
  @Override
  public String toString() {
    return "id=%s state=%s images=%d events=%d candidates=%d known=%d message=%s"
        .formatted(
            job.getId(),
            job.getState(),
            job.getImages(),
            job.getEvents(),
            job.getCandidates(),
            job.getKnown(),
            job.getMessage());
  }

  @Override
  public void close() {
    if (pass != null) {
      pass.close();
    }
    if (preparation != null) {
      preparation.close();
    }
    writer.close();
  }
}

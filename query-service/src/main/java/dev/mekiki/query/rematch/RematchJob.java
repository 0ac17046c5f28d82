package dev.mekiki.query.rematch;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.query.cluster.StoredPartitions;
import dev.mekiki.query.rematch.EventIds.FullException;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.ArrivedImage;
import dev.mekiki.schemas.v1.ListArrivalsRequest;
import dev.mekiki.schemas.v1.ListArrivalsResponse;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchRules;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.Rematch.State;
import dev.mekiki.schemas.v1.RematchProgress;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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

  /// Images looked at in one call.
  private static final int PAGE = 500;

  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofMillis(500);

  private final RematchState.Job asked;
  private final Supplier<@Nullable GenerationGeometry> active;
  private final ViewOf view;
  private final Preparations preparations;
  private final RematchWriter writer;
  private final RematchMetrics metrics;
  private final Rematch.Builder job;
  private final Pace.Sleeper sleeper;
  private final Pace pace;
  private final int batchSize;

  private @Nullable MatchRules rules;
  private @Nullable Preparation preparation;
  private int partition;
  private ByteString after;
  private long committedNanos = System.nanoTime();

  /// Images that were read and not looked up yet.
  private final Deque<ArrivedImage> waiting = new ArrayDeque<>();

  /// Where reading goes on once they are; whether the partition ends then.
  private ByteString read = ByteString.EMPTY;

  private int readImages;
  private boolean isLastPage;

  /// Images looked at before these.
  private long imagesBefore;

  /// The cluster as it stands.
  interface ViewOf {
    StoredPartitions of(GenerationGeometry generation);
  }

  /// Makes a preparation.
  interface Preparations {
    Preparation of(GenerationGeometry geometry, MatchRules rules);
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
      RematchWriter writer,
      RematchMetrics metrics,
      Pace.Sleeper sleeper) {
    this.asked = asked;
    this.active = active;
    this.view = view;
    this.preparations = preparations;
    this.writer = writer;
    this.metrics = metrics;
    this.job = asked.view().toBuilder();
    this.sleeper = sleeper;
    int rate = asked.request().getRate();
    this.pace = new Pace(rate, sleeper);
    this.batchSize = Math.clamp(rate / STEPS_A_SECOND, 1, MAX_BATCH);
    RematchProgress progress = asked.progress();
    partition = progress == null ? 0 : progress.getPartition();
    after = progress == null ? ByteString.EMPTY : progress.getAfter();
    imagesBefore = job.getImages();
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
      commit(List.of());
    }
  }

  private boolean end(State state, String message) {
    job.setState(state).setMessage(message).setEndTime(Timestamps.now());
    commit(List.of());
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
      commit(List.of());
    }
  }

  /// Looks up the next images, and reads on where none wait.
  private boolean lookUp(GenerationGeometry geometry, MatchRules rules, Preparation prepared)
      throws InterruptedException, FullException {
    if (waiting.isEmpty()) {
      if (partition >= geometry.partitions()) {
        return end(State.DONE, "");
      }
      readOn(geometry, prepared);
      if (waiting.isEmpty()) {
        moveOn(List.of());
        return true;
      }
    }
    List<ArrivedImage> batch = new ArrayList<>();
    while (batch.size() < batchSize && !waiting.isEmpty()) {
      batch.add(waiting.remove());
    }
    try {
      List<Match> found =
          new LookUp(
                  geometry,
                  rules.getLimits(),
                  prepared,
                  job.hasFingerprintRadius() ? job.getFingerprintRadius() : null)
              .matches(view.of(geometry), batch);
      List<Match> fresh = fresh(found, prepared.known());
      metrics.images.increment(batch.size());
      if (waiting.isEmpty()) {
        moveOn(fresh);
      } else {
        after = ByteString.copyFromUtf8(batch.getLast().getImageId());
        job.setImages(imagesBefore + batch.getLast().getLookedAt());
        commitNow(fresh);
      }
    } catch (StatusRuntimeException e) {
      // Nothing came of it: they wait again.
      for (ArrivedImage image : batch.reversed()) {
        waiting.addFirst(image);
      }
      throw e;
    }
    pace.await(batch.size());
    return true;
  }

  private void readOn(GenerationGeometry geometry, Preparation prepared) {
    ListArrivalsRequest.Builder request =
        ListArrivalsRequest.newBuilder()
            .setGeneration(geometry.id())
            .setPartition(partition)
            .setAfter(after)
            .setLimit(PAGE)
            .setSequence(prepared.settled(partition));
    if (job.hasSince()) {
      request.setSince(job.getSince());
    }
    if (job.hasTenant()) {
      request.setTenant(job.getTenant());
    }
    ListArrivalsResponse response = view.of(geometry).list(request.build());
    waiting.addAll(response.getImagesList());
    isLastPage = response.getLast().isEmpty();
    read = response.getLast();
    readImages = response.getLookedAt();
  }

  /// All that was read is done.
  private void moveOn(List<Match> fresh) {
    after = read;
    imagesBefore += readImages;
    job.setImages(imagesBefore);
    if (isLastPage) {
      partition++;
      after = ByteString.EMPTY;
      isLastPage = false;
    }
    commitNow(fresh);
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

  /// Commits events at once, and progress alone now and then.
  private void commitNow(List<Match> fresh) {
    if (!fresh.isEmpty() || System.nanoTime() - committedNanos >= COMMIT_INTERVAL.toNanos()) {
      commit(fresh);
    }
  }

  private void commit(List<Match> fresh) {
    writer.write(
        fresh,
        rules == null ? "" : rules.getReportedTopic(),
        RematchProgress.newBuilder().setJob(job).setPartition(partition).setAfter(after).build());
    committedNanos = System.nanoTime();
  }

  /// Its id, how it stands and what came of it, for the log.
  @Override
  public String toString() {
    return "id=%s state=%s images=%d events=%d known=%d message=%s"
        .formatted(
            job.getId(),
            job.getState(),
            job.getImages(),
            job.getEvents(),
            job.getKnown(),
            job.getMessage());
  }

  @Override
  public void close() {
    if (preparation != null) {
      preparation.close();
    }
    writer.close();
  }
}

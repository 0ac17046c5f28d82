package dev.mekiki.query.rematch;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.query.images.RecordSender;
import dev.mekiki.query.policy.Refusals;
import dev.mekiki.query.policy.Scope;
import dev.mekiki.runtime.policy.PolicyLimits;
import dev.mekiki.schemas.v1.CancelRematchRequest;
import dev.mekiki.schemas.v1.MatchRules;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.Rematch.State;
import dev.mekiki.schemas.v1.RematchRequest;
import dev.mekiki.schemas.v1.StartRematchRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Begins, shows and cancels jobs. Failures are gRPC statuses whose messages can be shown.
/// Thread-safe; calls block.
public final class RematchOperations {
  private static final int DEFAULT_RATE = 200;
  private static final int MAX_RATE = 10_000;

  private final RematchLog jobs;
  private final RecordSender sender;
  private final String topic;
  private final Duration timeout;

  /// @param jobs stays the caller's to close
  /// @param sender stays the caller's to close
  /// @param topic `rematch`
  /// @param timeout how long this service has to read what it has written
  public RematchOperations(RematchLog jobs, RecordSender sender, String topic, Duration timeout) {
    this.jobs = jobs;
    this.sender = sender;
    this.topic = topic;
    this.timeout = timeout;
  }

  /// Begins a job.
  ///
  /// @param rules those of the index instances; asked once the rest of the request is in order
  /// @return the job
  /// @throws StatusRuntimeException INVALID_ARGUMENT naming what is wrong with the request,
  ///   FAILED_PRECONDITION where none can run, ALREADY_EXISTS while another one does
  public Rematch start(StartRematchRequest request, Scope scope, Supplier<MatchRules> rules)
      throws InterruptedException {
    Rematch job = checked(request, scope);
    refuseSecond(state().active(), scope);
    MatchRules now = rules.get();
    String refusal =
        RematchRules.refusal(
            now, request.hasFingerprintRadius() ? request.getFingerprintRadius() : null);
    if (refusal != null) {
      throw request.hasFingerprintRadius() && refusal.startsWith("fingerprintRadius")
          ? Refusals.invalid(refusal)
          : Refusals.full(refusal);
    }
    write(RematchState.requestKey(job.getId()), job);
    // Of two at the same time the first on the topic is accepted.
    RematchState.Job accepted = state().job();
    if (accepted == null || !accepted.id().equals(job.getId())) {
      refuseSecond(accepted, scope);
    }
    return job;
  }

  private static void refuseSecond(RematchState.@Nullable Job other, Scope scope) {
    if (other != null) {
      throw Refusals.conflict(
          "a rematch runs already%s (expected: none; wait for its end or cancel it)"
              .formatted(
                  isSeen(other, scope)
                      ? ": %s, begun at %s"
                          .formatted(
                              other.id(), Timestamps.toString(other.request().getStartTime()))
                      : ", not for this tenant alone"));
    }
  }

  private static Rematch checked(StartRematchRequest request, Scope scope) {
    int rate = request.hasRate() ? request.getRate() : DEFAULT_RATE;
    if (rate < 1 || rate > MAX_RATE) {
      throw Refusals.invalid(
          "rate: %d (expected: 1..%d images a second)".formatted(rate, MAX_RATE));
    }
    Timestamp now = Timestamps.now();
    Rematch.Builder job =
        Rematch.newBuilder()
            .setId(UUID.randomUUID().toString())
            .setState(State.PREPARING)
            .setRate(rate)
            .setAuthor(Refusals.text("author", request.getAuthor(), PolicyLimits.AUTHOR_BYTES))
            .setStartTime(now);
    if (request.hasSince()) {
      if (!Timestamps.isValid(request.getSince())
          || Timestamps.compare(request.getSince(), now) > 0) {
        throw Refusals.invalid(
            "since: %s (expected: a time in the past)"
                .formatted(
                    Timestamps.isValid(request.getSince())
                        ? Timestamps.toString(request.getSince())
                        : "no time"));
      }
      job.setSince(request.getSince());
    }
    String tenant = scope.chosen(request.hasTenant() ? request.getTenant() : null);
    if (tenant != null) {
      job.setTenant(tenant);
    }
    if (request.hasFingerprintRadius()) {
      job.setFingerprintRadius(request.getFingerprintRadius());
    }
    return job.build();
  }

  /// The last job that a caller sees.
  ///
  /// @throws StatusRuntimeException NOT_FOUND where there is none
  public Rematch get(Scope scope) {
    return seen(state().job(), scope).view();
  }

  /// Cancels the job that runs.
  ///
  /// @throws StatusRuntimeException NOT_FOUND where none does that the caller sees
  public Rematch cancel(CancelRematchRequest request, Scope scope) throws InterruptedException {
    String author = Refusals.text("author", request.getAuthor(), PolicyLimits.AUTHOR_BYTES);
    RematchState.Job job = seen(state().active(), scope);
    write(
        RematchState.cancelKey(job.id()), job.request().toBuilder().setCancelledBy(author).build());
    RematchState.Job cancelled = state().job();
    return cancelled != null && cancelled.id().equals(job.id()) ? cancelled.view() : job.view();
  }

  private static RematchState.Job seen(RematchState.@Nullable Job job, Scope scope) {
    if (job == null || !isSeen(job, scope)) {
      throw Refusals.notFound(
          "no rematch (expected: one that was begun; mekiki rematch begins one)");
    }
    return job;
  }

  private static boolean isSeen(RematchState.Job job, Scope scope) {
    return scope.seesAll(job.request().hasTenant() ? job.request().getTenant() : null);
  }

  private RematchState state() {
    if (!jobs.isCaughtUp()) {
      throw Refusals.unavailable(
          "rematches are not read yet (expected: a topic that this service may read; try again)");
    }
    return jobs.state();
  }

  private void write(byte[] key, Rematch job) throws InterruptedException {
    byte[] value = RematchRequest.newBuilder().setJob(job).build().toByteArray();
    long offset = sender.send(new ProducerRecord<>(topic, key, value)).offset();
    if (!jobs.awaitRead(offset + 1, timeout)) {
      throw Refusals.unavailable(
          "written to %s, but not read back within %d ms (expected: a topic that this service may read)"
              .formatted(topic, timeout.toMillis()));
    }
  }
}

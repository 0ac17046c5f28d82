package dev.mekiki.query.cluster;

import com.google.protobuf.ByteString;
import dev.mekiki.query.search.InstanceAnswer;
import dev.mekiki.query.search.Partitions;
import dev.mekiki.query.search.Query;
import dev.mekiki.schemas.v1.PartitionSearchRequest;
import dev.mekiki.schemas.v1.PartitionSearchResponse;
import dev.mekiki.schemas.v1.QueryPicture;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the instances that host the partitions: the active one first, all partitions of one
/// instance in one call; a standby when that call fails, when it says that it does not host the
/// partition, or when it has not answered within the hedge delay, whichever answers first.
/// Partitions for which nobody is left to ask are missing.
///
/// Made for one search, with the cluster as it stood when the search began.
public final class HedgedPartitions implements Partitions {
  private static final Logger log = LoggerFactory.getLogger(HedgedPartitions.class);

  private final ClusterView view;
  private final String generation;
  private final IndexClients clients;
  private final Hedging hedging;
  private final Deadline deadline;

  /// When a standby is asked as well.
  ///
  /// @param delay how long the one asked first has alone
  /// @param timer runs the short tasks that start the second call
  public record Hedging(Duration delay, ScheduledExecutorService timer) {}

  /// @param view the cluster, instances of the generation alone
  /// @param generation id of the generation
  /// @param deadline when partitions that have not answered are missing
  public HedgedPartitions(
      ClusterView view,
      String generation,
      IndexClients clients,
      Hedging hedging,
      Deadline deadline) {
    this.view = view;
    this.generation = generation;
    this.clients = clients;
    this.hedging = hedging;
    this.deadline = deadline;
  }

  @Override
  public Answers ask(SortedSet<Integer> partitions, Query query) {
    // Each call ends by the deadline, so this does.
    return ask(partitions, query, 0).join();
  }

  /// @param rank 0 to ask the first host of each partition, 1 the second, ...
  private CompletableFuture<Answers> ask(SortedSet<Integer> partitions, Query query, int rank) {
    Map<String, SortedSet<Integer>> byHost = new TreeMap<>();
    Set<Integer> missing = new HashSet<>();
    for (int partition : partitions) {
      List<String> hosts = view.hosts(partition);
      if (rank < hosts.size() && !deadline.hasPassed()) {
        byHost.computeIfAbsent(hosts.get(rank), host -> new TreeSet<>()).add(partition);
      } else {
        missing.add(partition);
      }
    }
    List<CompletableFuture<Answers>> parts = new ArrayList<>();
    byHost.forEach((host, hosted) -> parts.add(new HedgedCall(host, hosted, query, rank).start()));
    CompletableFuture<Answers> all =
        CompletableFuture.completedFuture(new Answers(List.of(), missing));
    for (CompletableFuture<Answers> part : parts) {
      all = all.thenCombine(part, HedgedPartitions::join);
    }
    return all;
  }

  private static Answers join(Answers a, Answers b) {
    List<InstanceAnswer> answers = new ArrayList<>(a.answers());
    answers.addAll(b.answers());
    Set<Integer> missing = new HashSet<>(a.missing());
    missing.addAll(b.missing());
    return new Answers(answers, missing);
  }

  /// A call to one host, and the fallback to the next.
  private final class HedgedCall {
    private final String host;
    private final SortedSet<Integer> partitions;
    private final Query query;
    private final int rank;
    private final CompletableFuture<Answers> result = new CompletableFuture<>();
    private @Nullable CompletableFuture<Answers> fallback;

    HedgedCall(String host, SortedSet<Integer> partitions, Query query, int rank) {
      this.host = host;
      this.partitions = partitions;
      this.query = query;
      this.rank = rank;
    }

    CompletableFuture<Answers> start() {
      PartitionSearchRequest.Builder request =
          PartitionSearchRequest.newBuilder()
              .setGeneration(generation)
              .addAllPartitions(partitions)
              .setHashCode(ByteString.copyFrom(query.code().toBytes()))
              .setFingerprint(query.fingerprint())
              .setRadius(query.radius())
              .setK(query.k())
              .setDescribe(query.describe())
              .putAllFilter(query.filter());
      String tenant = query.tenant();
      if (tenant != null) {
        request.setTenant(tenant);
      }
      QueryPicture picture = query.picture();
      if (picture != null) {
        request.setPicture(picture);
      }
      CompletableFuture<PartitionSearchResponse> call =
          Calls.future(
              clients
                  .calls(host)
                  .withDeadlineAfter(deadline.leftMillis(), TimeUnit.MILLISECONDS)
                  .partitionSearch(request.build()));
      ScheduledFuture<?> hedge =
          hedging
              .timer()
              .schedule(() -> hedge(call), hedging.delay().toNanos(), TimeUnit.NANOSECONDS);
      CompletableFuture<Answers> answered =
          call.thenCompose(this::accept).exceptionallyCompose(this::failed);
      var _ =
          answered.whenComplete((answers, defect) -> {
            hedge.cancel(false);
            if (answers == null) {
              result.completeExceptionally(defect);
            } else {
              result.complete(answers);
            }
          });
      return result;
    }

    /// Asks the next hosts as well; theirs is the result if they are first to answer in full.
    private void hedge(CompletableFuture<PartitionSearchResponse> call) {
      var _ =
          fallback()
              .thenAccept(answers -> {
                if (isWhole(answers) && result.complete(answers)) {
                  call.cancel(true);
                }
              });
    }

    private CompletableFuture<Answers> failed(Throwable cause) {
      if (result.isDone()) {
        return result;
      }
      if (Status.fromThrowable(cause).getCode() == Status.Code.INVALID_ARGUMENT) {
        // The request is at fault: others would refuse it too, and the caller must hear why.
        return CompletableFuture.failedFuture(cause);
      }
      log.debug("Index instance did not answer address={} partitions={}", host, partitions, cause);
      return fallback();
    }

    private CompletableFuture<Answers> accept(PartitionSearchResponse response) {
      SortedSet<Integer> hosted = new TreeSet<>(partitions);
      SortedSet<Integer> notHosted = new TreeSet<>(response.getNotHostedList());
      notHosted.retainAll(hosted);
      hosted.removeAll(notHosted);
      Answers here =
          hosted.isEmpty()
              ? new Answers(List.of(), Set.of())
              : new Answers(
                  List.of(
                      new InstanceAnswer(
                          hosted,
                          query,
                          response.getHitsList(),
                          response.getComplete(),
                          response.getStatistics(),
                          response.getStandbyList())),
                  Set.of());
      return notHosted.isEmpty()
          ? CompletableFuture.completedFuture(here)
          : ask(notHosted, query, rank + 1).thenApply(elsewhere -> join(here, elsewhere));
    }

    private synchronized CompletableFuture<Answers> fallback() {
      if (fallback == null) {
        fallback = ask(partitions, query, rank + 1);
      }
      return fallback;
    }

    private static boolean isWhole(Answers answers) {
      return answers.missing().isEmpty()
          && answers.answers().stream().allMatch(InstanceAnswer::complete);
    }
  }
}

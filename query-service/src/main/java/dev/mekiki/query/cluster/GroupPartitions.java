package dev.mekiki.query.cluster;

import com.google.common.util.concurrent.ListenableFuture;
import dev.mekiki.schemas.v1.IndexGrpc.IndexFutureStub;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Asks the instance on which a partition of contents is active.
///
/// Made for one request, with the cluster as it stood when the request began.
///
/// @param view the cluster, instances of one generation alone
/// @param clients calls to index instances
/// @param deadline when a partition that has not answered is given up
public record GroupPartitions(ClusterView view, IndexClients clients, Deadline deadline) {
  /// What came of a question.
  ///
  /// @param <T> an answer
  public sealed interface Reply<T> {
    /// The active instance has answered.
    record Answer<T>(T value) implements Reply<T> {}

    /// No instance has, as these reasons say.
    record NoAnswer<T>(String reason) implements Reply<T> {}
  }

  /// Asks about a partition; blocks.
  ///
  /// @param call asks one instance
  public <T> Reply<T> ask(int partition, Function<IndexFutureStub, ListenableFuture<T>> call) {
    List<String> failures = new ArrayList<>();
    for (String host : view.groupHosts(partition)) {
      if (deadline.hasPassed()) {
        failures.add("there is no time left");
        break;
      }
      IndexFutureStub stub =
          clients.calls(host).withDeadlineAfter(deadline.leftMillis(), TimeUnit.MILLISECONDS);
      try {
        return new Reply.Answer<>(Calls.future(call.apply(stub)).join());
      } catch (CompletionException e) {
        failures.add(host + " failed with " + Status.fromThrowable(e).getCode());
      }
    }
    return new Reply.NoAnswer<>(
        failures.isEmpty()
            ? "no index instance has partition %d of contents".formatted(partition)
            : String.join("; ", failures));
  }
}

package dev.mekiki.query.cluster;

import com.google.common.util.concurrent.ListenableFuture;
import dev.mekiki.schemas.v1.IndexGrpc.IndexFutureStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Asks the instances that host a partition, one after the other. Calls block.
///
/// Made for one request, with the cluster as it stood when the request began.
///
/// @param clients calls to index instances
/// @param deadline when a partition that has not answered is given up
public record PartitionCalls(IndexClients clients, Deadline deadline) {
  /// What came of a question.
  ///
  /// @param <T> an answer
  public sealed interface Reply<T> {
    /// An instance has answered.
    record Answer<T>(T value) implements Reply<T> {}

    /// No instance has, as these reasons say.
    record NoAnswer<T>(String reason) implements Reply<T> {}
  }

  /// Asks about a partition. Each instance but the last has half of the time that is left.
  ///
  /// @param hosts addresses of those that can answer, the best first
  /// @param partition what is asked about, for messages
  /// @param call asks one instance
  /// @throws StatusRuntimeException INVALID_ARGUMENT where an instance finds fault with the
  ///   question
  public <T> Reply<T> ask(
      List<String> hosts, String partition, Function<IndexFutureStub, ListenableFuture<T>> call) {
    List<String> failures = new ArrayList<>();
    for (String host : hosts) {
      if (deadline.hasPassed()) {
        failures.add("there is no time left");
        break;
      }
      boolean isLast = host.equals(hosts.getLast());
      long millis = isLast ? deadline.leftMillis() : Math.ceilDiv(deadline.leftMillis(), 2);
      IndexFutureStub stub = clients.calls(host).withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
      try {
        return new Reply.Answer<>(Calls.future(call.apply(stub)).join());
      } catch (CompletionException e) {
        Status status = Status.fromThrowable(e);
        if (status.getCode() == Status.Code.INVALID_ARGUMENT) {
          throw status.asRuntimeException();
        }
        failures.add(host + " failed with " + status.getCode());
      }
    }
    return new Reply.NoAnswer<>(
        failures.isEmpty() ? "no index instance has " + partition : String.join("; ", failures));
  }
}

package dev.mekiki.query.cluster;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import java.util.concurrent.CompletableFuture;

/// Turns the futures of gRPC stubs into the JDK's.
final class Calls {
  private Calls() {}

  /// Completes as the call does; cancelling it cancels the call.
  static <T> CompletableFuture<T> future(ListenableFuture<T> call) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Futures.addCallback(
        call,
        new FutureCallback<T>() {
          @Override
          public void onSuccess(T result) {
            future.complete(result);
          }

          @Override
          public void onFailure(Throwable cause) {
            future.completeExceptionally(cause);
          }
        },
        MoreExecutors.directExecutor());
    var _ =
        future.whenComplete((result, cause) -> {
          if (future.isCancelled()) {
            call.cancel(true);
          }
        });
    return future;
  }
}

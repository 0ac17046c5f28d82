package dev.mekiki.query.api;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.runtime.server.Caller;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/// What the gRPC services have in common: an operation that blocks runs on an executor, gets the
/// caller, and what it returns or throws is the answer.
record GrpcCalls(Executor executor) {
  /// What a call asks for.
  @FunctionalInterface
  interface Operation<T> {
    T answer(Caller caller) throws Exception;
  }

  /// Who calls; known on the thread of the call alone.
  static Caller caller() {
    return Caller.of(ServiceRequestContext.current());
  }

  <T> void answer(StreamObserver<T> responses, Operation<T> operation) {
    Caller caller = caller();
    executor.execute(() -> {
      T answer;
      try {
        answer = operation.answer(caller);
      } catch (Exception e) {
        responses.onError(Failures.status(e).asRuntimeException());
        return;
      }
      responses.onNext(answer);
      responses.onCompleted();
    });
  }
}

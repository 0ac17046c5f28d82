package dev.mekiki.query.api;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/// Runs operations that block on an executor and answers with what comes of them.
record GrpcCalls(Executor executor) {
  <T> void answer(StreamObserver<T> responses, Callable<T> operation) {
    executor.execute(() -> {
      T answer;
      try {
        answer = operation.call();
      } catch (Exception e) {
        responses.onError(Failures.status(e).asRuntimeException());
        return;
      }
      responses.onNext(answer);
      responses.onCompleted();
    });
  }
}

package dev.mekiki.encoder.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.encoder.landmarks.QueryLandmarks;
import dev.mekiki.encoder.verify.QueryAlignment;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.AlignPairRequest;
import dev.mekiki.schemas.v1.AlignRequest;
import dev.mekiki.schemas.v1.AlignResponse;
import dev.mekiki.schemas.v1.AlignedCandidate;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The encoder's part of searches for copies: landmarks of query images, and gRPC `Align`.
/// Thread-safe.
public final class QueryCopies implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueryCopies.class);
  private static final int MAX_REQUESTS = 16;

  /// Part of the time a caller grants that is kept for the way back.
  private static final int RESERVE_DIVISOR = 10;

  private final QueryLandmarks landmarks;
  private final QueryAlignment alignment;
  private final Semaphore permits = new Semaphore(MAX_REQUESTS);

  /// @param landmarks closed with this
  /// @param alignment closed with this
  public QueryCopies(QueryLandmarks landmarks, QueryAlignment alignment) {
    this.landmarks = landmarks;
    this.alignment = alignment;
  }

  QueryLandmarks landmarks() {
    return landmarks;
  }

  void align(AlignRequest request, StreamObserver<AlignResponse> response) {
    answer(response, () -> alignment.align(request, limit()));
  }

  void alignPair(AlignPairRequest request, StreamObserver<AlignedCandidate> response) {
    answer(response, () -> alignment.alignPair(request, limit()));
  }

  private <T> void answer(StreamObserver<T> response, Supplier<CompletableFuture<T>> call) {
    if (!permits.tryAcquire()) {
      response.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription(
                  "%d pictures are being aligned already (expected: fewer; try again later or another encoder)"
                      .formatted(MAX_REQUESTS))
              .asRuntimeException());
      return;
    }
    try {
      var _ =
          call.get()
              .whenComplete((answer, failure) -> {
                permits.release();
                if (answer == null) {
                  refuse(response, failure);
                } else {
                  response.onNext(answer);
                  response.onCompleted();
                }
              });
    } catch (RejectedExecutionException e) {
      permits.release();
      refuse(response, e);
    }
  }

  private static Duration limit() {
    long millis = ServiceRequestContext.current().requestTimeoutMillis();
    return Duration.ofMillis(millis - millis / RESERVE_DIVISOR);
  }

  private static void refuse(StreamObserver<?> response, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    Status status =
        switch (cause) {
          case IllegalArgumentException e ->
              Status.INVALID_ARGUMENT.withDescription(BoundedText.message(e));
          case RejectedExecutionException _ ->
              Status.UNAVAILABLE.withDescription("this encoder is closing");
          case TimeoutException _ ->
              Status.UNAVAILABLE.withDescription(
                  "other pictures took all of the time (expected: fewer at once; try again later or"
                      + " another encoder)");
          default -> {
            log.warn("Query picture could not be aligned", cause);
            yield Status.INTERNAL.withDescription("the encoder failed on this picture");
          }
        };
    response.onError(status.asRuntimeException());
  }

  @Override
  public void close() {
    alignment.close();
    landmarks.close();
  }
}

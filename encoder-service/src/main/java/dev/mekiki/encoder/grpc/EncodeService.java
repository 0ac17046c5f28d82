package dev.mekiki.encoder.grpc;

import com.google.protobuf.ByteString;
import dev.mekiki.encoder.batch.BatchEncoder;
import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.EncoderGrpc;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// gRPC `Encode`: the stream's own code path, on decoder threads of its own and ahead of the stream
/// in the network's queue.
public final class EncodeService extends EncoderGrpc.EncoderImplBase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EncodeService.class);
  private static final int MAX_WAITING = 64;

  private final ImageEncoder encoder;
  private final BatchEncoder batches;
  private final EncoderMetrics metrics;
  private final ThreadPoolExecutor decoders;

  public EncodeService(
      ImageEncoder encoder, BatchEncoder batches, int threads, EncoderMetrics metrics) {
    this.encoder = encoder;
    this.batches = batches;
    this.metrics = metrics;
    this.decoders =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().daemon().name("mekiki-encoder-query-", 0).factory());
  }

  @Override
  public void encode(EncodeRequest request, StreamObserver<EncodeResponse> response) {
    Context context = Context.current();
    try {
      decoders.execute(() -> {
        if (!context.isCancelled()) {
          prepare(request, response);
        }
      });
    } catch (RejectedExecutionException e) {
      response.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription(
                  "%d query images wait already (expected: fewer; try again later or another encoder)"
                      .formatted(MAX_WAITING))
              .asRuntimeException());
    }
  }

  private void prepare(EncodeRequest request, StreamObserver<EncodeResponse> response) {
    try {
      var _ =
          batches
              .query(encoder.prepare(request.getImage().toByteArray()))
              .whenComplete((encoded, failure) -> answer(response, encoded, failure));
    } catch (BadImageException e) {
      response.onError(
          Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
    } catch (RuntimeException e) {
      answer(response, null, e);
    }
  }

  private void answer(
      StreamObserver<EncodeResponse> response,
      @Nullable EncodedImage encoded,
      @Nullable Throwable failure) {
    if (encoded == null) {
      log.warn("Query image could not be encoded", failure);
      response.onError(
          Status.INTERNAL.withDescription("the encoder failed on this image").asRuntimeException());
      return;
    }
    metrics.queries.increment();
    response.onNext(
        EncodeResponse.newBuilder()
            .setNetwork(encoder.bundle().networkId())
            .setHashCode(ByteString.copyFrom(encoded.code().toBytes()))
            .setInstanceCode(ByteString.copyFrom(encoded.instanceCode().toBytes()))
            .setFingerprint(ByteString.copyFrom(encoded.fingerprint().code().toBytes()))
            .setFingerprintQuality(encoded.fingerprint().quality())
            .setSha256(ByteString.copyFrom(encoded.sha256()))
            .setWidth(encoded.width())
            .setHeight(encoded.height())
            .build());
    response.onCompleted();
  }

  @Override
  public void close() {
    decoders.shutdownNow();
  }
}

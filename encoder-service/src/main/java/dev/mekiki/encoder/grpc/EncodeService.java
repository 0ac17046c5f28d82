package dev.mekiki.encoder.grpc;

import com.google.protobuf.ByteString;
import dev.mekiki.encoder.batch.BatchEncoder;
import dev.mekiki.encoder.batch.NetworkUnavailableException;
import dev.mekiki.encoder.decode.ImagePreparer;
import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.process.DecodingUnavailableException;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.AlignPairRequest;
import dev.mekiki.schemas.v1.AlignRequest;
import dev.mekiki.schemas.v1.AlignResponse;
import dev.mekiki.schemas.v1.AlignedCandidate;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.EncoderGrpc;
import dev.mekiki.schemas.v1.SoughtPicture;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// gRPC `Encode`: the same code as the stream's, on decoder threads of its own, and before the
/// stream in the network's queue; and `Align`. Every call is answered, whatever goes wrong with its
/// image.
public final class EncodeService extends EncoderGrpc.EncoderImplBase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EncodeService.class);
  private static final int MAX_WAITING = 64;

  private final String networkId;
  private final ImagePreparer preparer;
  private final BatchEncoder batches;
  private final EncoderMetrics metrics;
  private final @Nullable QueryCopies copies;
  private final ThreadPoolExecutor decoders;

  /// @param networkId the network's content hash
  /// @param copies closed with this; null where copies are not looked for
  /// @param threads that decode
  public EncodeService(
      String networkId,
      ImagePreparer preparer,
      BatchEncoder batches,
      @Nullable QueryCopies copies,
      int threads,
      EncoderMetrics metrics) {
    this.networkId = networkId;
    this.preparer = preparer;
    this.batches = batches;
    this.copies = copies;
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
          encodeDecoded(request, response);
        }
      });
    } catch (RejectedExecutionException e) {
      Status status =
          decoders.isShutdown()
              ? Status.UNAVAILABLE.withDescription("this encoder is closing")
              : Status.RESOURCE_EXHAUSTED.withDescription(
                  ("%d query images wait already (expected: fewer; try again later or another"
                          + " encoder)")
                      .formatted(MAX_WAITING));
      response.onError(status.asRuntimeException());
    }
  }

  @Override
  public void align(AlignRequest request, StreamObserver<AlignResponse> response) {
    if (copies == null) {
      response.onError(copiesAreOff());
    } else {
      copies.align(request, response);
    }
  }

  @Override
  public void alignPair(AlignPairRequest request, StreamObserver<AlignedCandidate> response) {
    if (copies == null) {
      response.onError(copiesAreOff());
    } else {
      copies.alignPair(request, response);
    }
  }

  private static StatusRuntimeException copiesAreOff() {
    return Status.FAILED_PRECONDITION
        .withDescription("copies are not looked for (expected: mekiki.match.copies=on)")
        .asRuntimeException();
  }

  private void encodeDecoded(EncodeRequest request, StreamObserver<EncodeResponse> response) {
    try {
      byte[] image = request.getImage().toByteArray();
      CompletableFuture<EncodedImage> codes = batches.query(preparer.prepare(image));
      Optional<ByteString> landmarks =
          copies != null && request.getLandmarks()
              ? copies.landmarks().sought(image)
              : Optional.empty();
      var _ =
          codes.whenComplete((encoded, failure) -> {
            if (encoded == null) {
              refuse(response, failure);
            } else {
              answer(response, encoded, landmarks);
            }
          });
    } catch (Throwable e) {
      refuse(response, e);
    }
  }

  private static void refuse(StreamObserver<EncodeResponse> response, Throwable failure) {
    Status status =
        switch (failure) {
          case BadImageException e ->
              Status.INVALID_ARGUMENT.withDescription(BoundedText.message(e));
          case NetworkUnavailableException _ ->
              Status.UNAVAILABLE.withDescription(
                  "the network fails at the moment (expected: try again later or another encoder)");
          case DecodingUnavailableException _ ->
              Status.UNAVAILABLE.withDescription(
                  "images cannot be decoded at the moment (expected: try again later or another"
                      + " encoder)");
          case CancellationException _ ->
              Status.UNAVAILABLE.withDescription("this encoder is closing");
          case OutOfMemoryError _ ->
              Status.RESOURCE_EXHAUSTED.withDescription(
                  "image: decoding it needs more memory than this encoder has (expected: a smaller"
                      + " image)");
          default -> {
            log.warn("Query image could not be encoded", failure);
            yield Status.INTERNAL.withDescription("the encoder failed on this image");
          }
        };
    response.onError(status.asRuntimeException());
  }

  private void answer(
      StreamObserver<EncodeResponse> response,
      EncodedImage encoded,
      Optional<ByteString> landmarks) {
    metrics.queries.increment();
    EncodeResponse.Builder answer =
        EncodeResponse.newBuilder()
            .setNetwork(networkId)
            .setHashCode(ByteString.copyFrom(encoded.code().toBytes()))
            .setInstanceCode(ByteString.copyFrom(encoded.instanceCode().toBytes()))
            .setFingerprint(ByteString.copyFrom(encoded.fingerprint().code().toBytes()))
            .setFingerprintQuality(encoded.fingerprint().quality())
            .setSha256(ByteString.copyFrom(encoded.sha256()))
            .setWidth(encoded.width())
            .setHeight(encoded.height());
    landmarks.ifPresent(sought ->
        answer.setSought(
            SoughtPicture.newBuilder()
                .setLandmarks(sought)
                .setThumbnail(ByteString.copyFrom(encoded.thumbnail()))));
    response.onNext(answer.build());
    response.onCompleted();
  }

  @Override
  public void close() {
    decoders.shutdownNow();
    if (copies != null) {
      copies.close();
    }
  }
}

package dev.mekiki.encoder.decode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.encoder.batch.BatchEncoder;
import dev.mekiki.encoder.batch.ImageDefectException;
import dev.mekiki.encoder.record.Arrival;
import dev.mekiki.encoder.record.ArrivalReader;
import dev.mekiki.encoder.record.DeadLetter;
import dev.mekiki.encoder.record.DeadLetter.Reason;
import dev.mekiki.encoder.record.Work;
import dev.mekiki.encoder.record.Work.Outcome;
import dev.mekiki.encoder.reference.ReferenceException;
import dev.mekiki.encoder.reference.References;
import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.PreparedImage;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.process.DecodingUnavailableException;
import dev.mekiki.runtime.failure.Component;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes codes of records: what the decoder threads run. Thread-safe.
///
/// Every record that is run gets an outcome, whatever goes wrong with it, except where the service
/// ends: because it is closed, the network is given up, or a failure has nothing to do with the
/// record, such as a class that cannot be loaded.
public final class RecordEncoder {
  private static final Logger log = LoggerFactory.getLogger(RecordEncoder.class);

  private final String networkId;
  private final ArrivalReader reader;
  private final ImagePreparer preparer;
  private final BatchEncoder batches;
  private final References references;
  private final Component component;
  private final Retention retention;
  private final InstantSource clock;

  /// @param networkId the network's content hash
  /// @param reader of records
  /// @param references fetches images that are held elsewhere
  /// @param component owns failures of decoding that no record causes
  /// @param retention of images
  /// @param clock says which images have ended
  public RecordEncoder(
      String networkId,
      ArrivalReader reader,
      ImagePreparer preparer,
      BatchEncoder batches,
      References references,
      Component component,
      Retention retention,
      InstantSource clock) {
    this.networkId = networkId;
    this.reader = reader;
    this.preparer = preparer;
    this.batches = batches;
    this.references = references;
    this.component = component;
    this.retention = retention;
    this.clock = clock;
  }

  /// Reads and prepares one record that {@link BatchEncoder#expect} has announced; the work is
  /// finished now or, where the network is needed, when its batch is. An image that is held
  /// elsewhere is fetched first, which keeps this thread from nothing.
  ///
  /// @param decoders prepares images that were fetched
  public void run(Work work, Executor decoders) {
    try {
      switch (reader.read(work.record())) {
        // An older version of it goes, too.
        case Arrival.Image image when hasEnded(image.expires(), work) ->
            work.finish(new Outcome.Deleted(image.id()));
        case Arrival.Image image -> {
          prepare(work, image, () -> {});
          return;
        }
        case Arrival.Reference reference when hasEnded(reference.expires(), work) ->
            work.finish(new Outcome.Deleted(reference.id()));
        case Arrival.Reference reference -> fetch(work, reference, decoders);
        case Arrival.Refused(DeadLetter deadLetter) -> work.finish(new Outcome.Dead(deadLetter));
        case Arrival.Deletion deletion -> work.finish(new Outcome.Deleted(deletion.id()));
      }
    } catch (Throwable e) {
      fail(work, e);
    }
    batches.stayAway();
  }

  /// Whether an image is being fetched now.
  public boolean isFetching() {
    return references.isBusy();
  }

  private void fetch(Work work, Arrival.Reference reference, Executor decoders) {
    var _ =
        references
            .start(reference.uri(), work::isWanted)
            .whenComplete((fetched, failure) -> {
              if (fetched == null) {
                fail(work, failure);
                return;
              }
              batches.expect();
              try {
                decoders.execute(
                    () -> prepare(work, reference.fetched(fetched.bytes()), fetched::close));
              } catch (RejectedExecutionException e) {
                // Closed: the record is read again at the next start.
                batches.stayAway();
                fetched.close();
              }
            });
  }

  /// Prepares an image that was announced.
  ///
  /// @param release run when its bytes are no longer needed
  private void prepare(Work work, Arrival.Image image, Runnable release) {
    boolean arrived = false;
    try {
      PreparedImage prepared = preparer.prepare(image.bytes());
      arrived = true;
      var _ =
          batches
              .arrive(prepared)
              .whenComplete((encoded, failure) -> {
                release.run();
                finish(work, image, encoded, failure);
              });
    } catch (Throwable e) {
      fail(work, e);
    } finally {
      if (!arrived) {
        release.run();
        batches.stayAway();
      }
    }
  }

  /// True for an image that has expired since it was sent, or is too old: where input is read
  /// again, by another network for example, or lay for long.
  ///
  /// @param expires as its sender said, or null
  private boolean hasEnded(@Nullable Long expires, Work work) {
    return retention.end(expires == null ? Retention.NEVER : expires, work.record().timestamp())
        <= clock.millis();
  }

  private void finish(
      Work work, Arrival.Image image, @Nullable EncodedImage encoded, @Nullable Throwable failure) {
    try {
      if (encoded != null) {
        work.finish(
            new Outcome.Coded(
                image.id(),
                code(work, image, encoded),
                UnsafeByteOperations.unsafeWrap(encoded.thumbnail())));
      } else if (failure != null) {
        fail(work, failure);
      }
    } catch (Throwable e) {
      // Thrown into a future that nobody reads, it would leave the work unfinished for ever.
      fail(work, e);
    }
  }

  private void fail(Work work, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    switch (cause) {
      case BadImageException e -> dead(work, reason(e), String.valueOf(e.getMessage()));
      case ReferenceException e -> dead(work, reason(e), String.valueOf(e.getMessage()));
      case OutOfMemoryError e ->
          dead(
              work,
              Reason.OUT_OF_MEMORY,
              ("image: decoding it alone needs more memory than this encoder has: %s (expected: a"
                      + " smaller image, or more memory by -Xmx)")
                  .formatted(e.getMessage()));
      case CancellationException _ -> {
        // Closed, or dropped: the record is read again.
      }
      // No image's fault: the service ends with the reason, and is started again.
      case DecodingUnavailableException e -> component.died(e);
      case ImageDefectException e -> defect(work, e);
      case StackOverflowError e -> defect(work, e);
      case Exception e -> defect(work, e);
      default -> component.died(cause);
    }
  }

  /// A defect that this image causes would come back at every retry: the stream moves on.
  private void defect(Work work, Throwable failure) {
    ConsumerRecord<?, ?> record = work.record();
    log.error(
        "Image could not be encoded topic={} partition={} offset={}",
        record.topic(),
        record.partition(),
        record.offset(),
        failure);
    dead(work, Reason.ENCODER_DEFECT, "the encoder failed on this image: " + failure);
  }

  private static void dead(Work work, Reason reason, String message) {
    work.finish(new Outcome.Dead(new DeadLetter(reason, message).keepingPreviousVersion()));
  }

  private ImageCode code(Work work, Arrival.Image image, EncodedImage encoded) {
    ConsumerRecord<byte[], byte[]> record = work.record();
    // The sender's word is kept only where it can be true; the decoder knows better.
    String contentType =
        image.contentType().startsWith("image/") ? image.contentType() : encoded.contentType();
    ImageCode.Builder code =
        ImageCode.newBuilder()
            .setHashCode(ByteString.copyFrom(encoded.code().toBytes()))
            .setInstanceCode(ByteString.copyFrom(encoded.instanceCode().toBytes()))
            .setFingerprint(ByteString.copyFrom(encoded.fingerprint().code().toBytes()))
            .setFingerprintQuality(encoded.fingerprint().quality())
            .setSha256(ByteString.copyFrom(encoded.sha256()))
            .setWidth(encoded.width())
            .setHeight(encoded.height())
            .setSource(
                SourceCoordinate.newBuilder()
                    .setTopic(record.topic())
                    .setPartition(record.partition())
                    .setOffset(record.offset()))
            .setImagesTopicId(work.topicId())
            .putAllMetadata(image.metadata())
            .setContentType(contentType)
            .setSizeBytes(image.bytes().length)
            .setPartial(encoded.partial())
            .setMute(image.mute())
            .setTenant(image.origin().tenant())
            .setImageSource(image.origin().source())
            .setImageTime(timestamp(Instant.ofEpochMilli(record.timestamp())))
            .setEncodedTime(timestamp(Instant.now()))
            .setNetwork(networkId);
    Long expires = image.expires();
    if (expires != null) {
      code.setExpireTime(Timestamps.fromMillis(expires));
    }
    return code.build();
  }

  private static Reason reason(BadImageException e) {
    return switch (e.reason()) {
      case EMPTY -> Reason.EMPTY;
      case TOO_MANY_BYTES -> Reason.TOO_MANY_BYTES;
      case TOO_MANY_PIXELS -> Reason.TOO_MANY_PIXELS;
      case UNKNOWN_FORMAT -> Reason.UNKNOWN_FORMAT;
      case UNDECODABLE -> Reason.UNDECODABLE;
      case DECODING_TIMED_OUT -> Reason.DECODING_TIMED_OUT;
      case DECODER_CRASHED -> Reason.DECODER_CRASHED;
    };
  }

  private static Reason reason(ReferenceException e) {
    return switch (e.kind()) {
      case REFUSED -> Reason.REFERENCE_REFUSED;
      case UNAVAILABLE -> Reason.REFERENCE_UNAVAILABLE;
      case TOO_MANY_BYTES -> Reason.TOO_MANY_BYTES;
    };
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}

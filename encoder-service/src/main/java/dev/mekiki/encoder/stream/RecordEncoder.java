package dev.mekiki.encoder.stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.mekiki.encoder.batch.BatchEncoder;
import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoder.record.Arrival;
import dev.mekiki.encoder.record.ArrivalReader;
import dev.mekiki.encoder.record.DeadLetter;
import dev.mekiki.encoder.record.DeadLetter.Reason;
import dev.mekiki.encoder.record.Work;
import dev.mekiki.encoder.record.Work.Outcome;
import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.PreparedImage;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes codes of records: what the decoder threads run. Thread-safe.
public final class RecordEncoder {
  private static final Logger log = LoggerFactory.getLogger(RecordEncoder.class);

  private final ImageEncoder encoder;
  private final BatchEncoder batches;
  private final EncoderMetrics metrics;

  public RecordEncoder(ImageEncoder encoder, BatchEncoder batches, EncoderMetrics metrics) {
    this.encoder = encoder;
    this.batches = batches;
    this.metrics = metrics;
  }

  /// Reads and prepares one record that {@link BatchEncoder#expect} has announced; the work is
  /// finished now or, where the network is needed, when its batch is.
  public void run(Work work) {
    boolean arrived = false;
    try {
      switch (ArrivalReader.read(work.record())) {
        case Arrival.Refused refused -> work.finish(new Outcome.Dead(refused.deadLetter()));
        case Arrival.Deletion deletion -> work.finish(new Outcome.Deleted(deletion.id()));
        case Arrival.Image image -> {
          PreparedImage prepared = prepare(image.bytes());
          arrived = true;
          var _ =
              batches
                  .arrive(prepared)
                  .whenComplete((encoded, failure) -> finish(work, image, encoded, failure));
        }
      }
    } catch (BadImageException e) {
      work.finish(
          new Outcome.Dead(
              new DeadLetter(reason(e), String.valueOf(e.getMessage())).keepingPreviousVersion()));
    } catch (RuntimeException e) {
      // A defect that this image brings out would come out at every retry: let the stream move on.
      ConsumerRecord<?, ?> record = work.record();
      log.error(
          "Image could not be encoded topic={} partition={} offset={}",
          record.topic(),
          record.partition(),
          record.offset(),
          e);
      work.finish(
          new Outcome.Dead(
              new DeadLetter(Reason.ENCODER_DEFECT, "the encoder failed on this image: " + e)
                  .keepingPreviousVersion()));
    } catch (Error e) {
      work.finish(new Outcome.Failed(e));
      throw e;
    } finally {
      if (!arrived) {
        batches.stayAway();
      }
    }
  }

  private PreparedImage prepare(byte[] bytes) throws BadImageException {
    long start = System.nanoTime();
    PreparedImage prepared = encoder.prepare(bytes);
    metrics.prepare.record(Duration.ofNanos(System.nanoTime() - start));
    return prepared;
  }

  private void finish(
      Work work, Arrival.Image image, @Nullable EncodedImage encoded, @Nullable Throwable failure) {
    if (encoded != null) {
      work.finish(new Outcome.Coded(image.id(), code(work.record(), image, encoded)));
    } else if (failure != null) {
      work.finish(new Outcome.Failed(failure));
    }
  }

  private ImageCode code(
      ConsumerRecord<byte[], byte[]> record, Arrival.Image image, EncodedImage encoded) {
    // What the sender says is kept only where it can be true; the decoder knows better.
    String contentType =
        image.contentType().startsWith("image/") ? image.contentType() : encoded.contentType();
    return ImageCode.newBuilder()
        .setHashCode(ByteString.copyFrom(encoded.code().toBytes()))
        .setInstanceCode(ByteString.copyFrom(encoded.instanceCode().toBytes()))
        .setFingerprint(ByteString.copyFrom(encoded.fingerprint().code().toBytes()))
        .setFingerprintQuality(encoded.fingerprint().quality())
        .setSha256(ByteString.copyFrom(encoded.sha256()))
        .setWidth(encoded.width())
        .setHeight(encoded.height())
        .setThumbnail(ByteString.copyFrom(encoded.thumbnail()))
        .setSource(
            SourceCoordinate.newBuilder()
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset()))
        .putAllMetadata(image.metadata())
        .setContentType(contentType)
        .setSizeBytes(image.bytes().length)
        .setMute(image.mute())
        .setImageTime(timestamp(Instant.ofEpochMilli(record.timestamp())))
        .setEncodedTime(timestamp(Instant.now()))
        .setNetwork(encoder.bundle().networkId())
        .build();
  }

  private static Reason reason(BadImageException e) {
    return switch (e.reason()) {
      case EMPTY -> Reason.EMPTY;
      case TOO_MANY_BYTES -> Reason.TOO_MANY_BYTES;
      case TOO_MANY_PIXELS -> Reason.TOO_MANY_PIXELS;
      case UNKNOWN_FORMAT -> Reason.UNKNOWN_FORMAT;
      case UNDECODABLE -> Reason.UNDECODABLE;
    };
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}

package dev.mekiki.encoder.landmarks;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.mekiki.encoder.follow.Step;
import dev.mekiki.encoder.landmarks.LandmarkMetrics.Result;
import dev.mekiki.encoder.record.Arrival;
import dev.mekiki.encoder.record.ArrivalReader;
import dev.mekiki.encoder.reference.ReferenceException;
import dev.mekiki.encoder.reference.References;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.runtime.kafka.RecordReader;
import dev.mekiki.runtime.kafka.RecordReader.Read;
import dev.mekiki.schemas.image.DeleteTime;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.MetadataKeys;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.topic.CutMarker;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ImageLandmarks;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the landmarks of the image that a code was made from. A removed or expired image, one that
/// is gone from `images`, and one whose landmarks cannot be found have none: a tombstone is
/// written, so that no older revision is found in their place. Thread-safe.
final class LandmarkStep implements Step {
  private static final Logger log = LoggerFactory.getLogger(LandmarkStep.class);

  private final String topic;
  private final String images;
  private final RecordReader records;
  private final Duration readLimit;
  private final ArrivalReader reader;
  private final References references;
  private final Detectors detectors;
  private final MetadataKeys inEvents;
  private final LandmarkMetrics metrics;
  private final Retention retention;
  private final InstantSource clock;

  /// @param topic of landmarks
  /// @param inEvents which metadata goes into events
  /// @param images the only topic that images are read from, whatever a code says
  /// @param retention of images
  /// @param clock says which images have ended
  /// @param reader of records on `images`
  /// @param references fetches images that are held elsewhere
  LandmarkStep(
      String topic,
      String images,
      RecordReader records,
      Duration readLimit,
      ArrivalReader reader,
      References references,
      Detectors detectors,
      MetadataKeys inEvents,
      LandmarkMetrics metrics,
      Retention retention,
      InstantSource clock) {
    this.topic = topic;
    this.images = images;
    this.records = records;
    this.readLimit = readLimit;
    this.reader = reader;
    this.references = references;
    this.detectors = detectors;
    this.inEvents = inEvents;
    this.metrics = metrics;
    this.retention = retention;
    this.clock = clock;
  }

  @Override
  public List<ProducerRecord<byte[], byte[]>> run(ConsumerRecord<byte[], byte[]> record)
      throws BadImageException, InterruptedException {
    byte @Nullable [] value = record.value();
    if (value == null && CutMarker.number(record.headers()).isPresent()) {
      // A cut is marked among landmarks by whoever makes it.
      return List.of();
    }
    ImageCode code;
    try {
      // What has no id has no landmarks; a compacted topic would refuse it.
      ImageId _ = ImageId.parse(record.key());
      if (value == null) {
        return none(record, Result.REMOVED);
      }
      code = ImageCode.parseFrom(value);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      metrics.images(Result.DEFECTIVE).increment();
      return List.of();
    }
    if (retention.end(code) <= clock.millis()) {
      return none(record, Result.REMOVED);
    }
    ConsumerRecord<byte[], byte[]> image = read(code);
    if (image == null) {
      return none(record, Result.GONE);
    }
    return switch (reader.read(image)) {
      case Arrival.Image(_, byte[] file, _, _, _, _, _) -> found(record, code, file);
      case Arrival.Reference reference -> {
        try (References.Fetched fetched = references.fetch(reference.uri(), () -> true)) {
          yield found(record, code, fetched.bytes());
        } catch (ReferenceException e) {
          log.debug("Image cannot be fetched again", e);
          yield none(record, Result.GONE);
        }
      }
      case Arrival.Deletion _, Arrival.Refused _ -> none(record, Result.GONE);
    };
  }

  private List<ProducerRecord<byte[], byte[]>> found(
      ConsumerRecord<byte[], byte[]> record, ImageCode code, byte[] file) throws BadImageException {
    // Another topic of that name may have another image there, and what was fetched may be another
    // one by now.
    if (!Arrays.equals(Sha256Digest.start().digest(file), code.getSha256().toByteArray())) {
      return none(record, Result.GONE);
    }
    long start = System.nanoTime();
    Detectors.Detected found = detectors.detect(file);
    metrics.detection.record(Duration.ofNanos(System.nanoTime() - start));
    metrics.images(Result.FOUND).increment();
    return List.of(new ProducerRecord<>(topic, record.key(), landmarks(code, found).toByteArray()));
  }

  /// The record that the image arrived by; null where it is gone.
  ///
  /// @throws TimeoutException where Kafka does not say in time
  private @Nullable ConsumerRecord<byte[], byte[]> read(ImageCode code)
      throws InterruptedException {
    SourceCoordinate at = code.getSource();
    TopicPartition partition = new TopicPartition(images, at.getPartition());
    return switch (records.read(partition, at.getOffset(), readLimit)) {
      case Read.Found(ConsumerRecord<byte[], byte[]> record) -> record;
      case Read.Nothing() -> null;
      case Read.NoAnswer(String reason) ->
          throw new TimeoutException(
              "image at %s@%d: %s".formatted(partition, at.getOffset(), reason));
    };
  }

  private ImageLandmarks landmarks(ImageCode code, Detectors.Detected found) {
    CopyImage.Builder image =
        CopyImage.newBuilder()
            .setRevision(code.getSource())
            .setImagesTopicId(code.getImagesTopicId())
            .setSha256(code.getSha256())
            .setHashCode(code.getHashCode())
            .setFingerprint(code.getFingerprint())
            .setFingerprintQuality(code.getFingerprintQuality())
            .setWidth(code.getWidth())
            .setHeight(code.getHeight())
            .setMute(code.getMute())
            .putAllEventMetadata(inEvents.in(code.getMetadataMap()))
            .setTenant(code.getTenant())
            .setImageSource(code.getImageSource())
            .setImageTime(code.getImageTime())
            .setEncodedTime(code.getEncodedTime());
    if (code.hasThumbnailAt()) {
      image.setThumbnailAt(code.getThumbnailAt());
    }
    if (code.hasExpireTime()) {
      image.setExpireTime(code.getExpireTime());
    }
    return ImageLandmarks.newBuilder()
        .setImage(image)
        .setStored(UnsafeByteOperations.unsafeWrap(found.landmarks().stored().toBytes()))
        .setSought(UnsafeByteOperations.unsafeWrap(found.landmarks().sought().toBytes()))
        .setSoughtFingerprints(UnsafeByteOperations.unsafeWrap(found.fingerprints().toBytes()))
        .build();
  }

  @Override
  public List<ProducerRecord<byte[], byte[]>> failed(
      ConsumerRecord<byte[], byte[]> record, Throwable reason) {
    return none(record, Result.FAILED);
  }

  private List<ProducerRecord<byte[], byte[]>> none(
      ConsumerRecord<byte[], byte[]> record, Result result) {
    metrics.images(result).increment();
    @Nullable Header deleted = record.headers().lastHeader(DeleteTime.HEADER);
    return List.of(
        new ProducerRecord<>(
            topic, null, record.key(), null, deleted == null ? List.of() : List.of(deleted)));
  }
}

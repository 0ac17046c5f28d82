package dev.mekiki.encoder.landmarks;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.mekiki.encoder.follow.Step;
import dev.mekiki.encoder.landmarks.LandmarkMetrics.Result;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.runtime.kafka.RecordReader;
import dev.mekiki.runtime.kafka.RecordReader.Read;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.MetadataKeys;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ImageLandmarks;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Finds the landmarks of the image that a code was made from. A removed image, one that is gone
/// from `images`, and one whose landmarks cannot be found have none: a tombstone is written, so
/// that no older revision is found in their place. Thread-safe.
final class LandmarkStep implements Step {
  private final String topic;
  private final String images;
  private final RecordReader records;
  private final Duration readLimit;
  private final Detectors detectors;
  private final MetadataKeys inEvents;
  private final LandmarkMetrics metrics;

  /// @param topic of landmarks
  /// @param inEvents which metadata goes into events
  /// @param images the only topic that images are read from, whatever a code says
  LandmarkStep(
      String topic,
      String images,
      RecordReader records,
      Duration readLimit,
      Detectors detectors,
      MetadataKeys inEvents,
      LandmarkMetrics metrics) {
    this.topic = topic;
    this.images = images;
    this.records = records;
    this.readLimit = readLimit;
    this.detectors = detectors;
    this.inEvents = inEvents;
    this.metrics = metrics;
  }

  @Override
  public Optional<ProducerRecord<byte[], byte[]>> run(ConsumerRecord<byte[], byte[]> record)
      throws BadImageException, InterruptedException {
    byte @Nullable [] value = record.value();
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
      return Optional.empty();
    }
    byte @Nullable [] file = read(code);
    if (file == null) {
      return none(record, Result.GONE);
    }
    long start = System.nanoTime();
    Detectors.Detected found = detectors.detect(file);
    metrics.detection.record(Duration.ofNanos(System.nanoTime() - start));
    metrics.images(Result.FOUND).increment();
    return Optional.of(
        new ProducerRecord<>(topic, record.key(), landmarks(code, found).toByteArray()));
  }

  /// The image as it arrived; null where it is gone.
  ///
  /// @throws TimeoutException where Kafka does not say in time
  private byte @Nullable [] read(ImageCode code) throws InterruptedException {
    SourceCoordinate at = code.getSource();
    TopicPartition partition = new TopicPartition(images, at.getPartition());
    return switch (records.read(partition, at.getOffset(), readLimit)) {
      case Read.Found(ConsumerRecord<byte[], byte[]> record) -> {
        byte @Nullable [] file = record.value();
        // Another topic of that name may have another image there.
        boolean isIt =
            file != null
                && Arrays.equals(Sha256Digest.start().digest(file), code.getSha256().toByteArray());
        yield isIt ? file : null;
      }
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
    return ImageLandmarks.newBuilder()
        .setImage(image)
        .setStored(UnsafeByteOperations.unsafeWrap(found.landmarks().stored().toBytes()))
        .setSought(UnsafeByteOperations.unsafeWrap(found.landmarks().sought().toBytes()))
        .setSoughtFingerprints(UnsafeByteOperations.unsafeWrap(found.fingerprints().toBytes()))
        .build();
  }

  @Override
  public Optional<ProducerRecord<byte[], byte[]>> failed(
      ConsumerRecord<byte[], byte[]> record, Throwable reason) {
    return none(record, Result.FAILED);
  }

  private Optional<ProducerRecord<byte[], byte[]>> none(
      ConsumerRecord<byte[], byte[]> record, Result result) {
    metrics.images(result).increment();
    return Optional.of(new ProducerRecord<>(topic, record.key(), null));
  }
}

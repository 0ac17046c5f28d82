package dev.mekiki.index.copies;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import dev.mekiki.hashing.match.Era;
import dev.mekiki.hashing.turned.SoughtFingerprints;
import dev.mekiki.index.eras.TaskEras;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.runtime.match.Revisions;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ImageLandmarks;
import dev.mekiki.schemas.v1.LandmarkProbe;
import dev.mekiki.schemas.v1.LandmarkProbes;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Records of both topics that partitions of landmarks read, checked. Stateless.
final class ReceivedLandmarks {
  private ReceivedLandmarks() {}

  /// What a picture looks for in others.
  record Sought(SoughtLandmarks landmarks, SoughtFingerprints fingerprints) {
    boolean isNothing() {
      return landmarks.size() == 0 && fingerprints.parts().isEmpty();
    }
  }

  /// An {@link ImageLandmarks}, checked.
  ///
  /// @param record as received: what is sought is sent on
  record Arrived(ImageLandmarks record, StoredLandmarks stored, Sought sought) {
    CopyImage image() {
      return record.getImage();
    }

    /// The same in its era.
    Arrived in(TaskEras eras) {
      CopyImage image = image();
      Era era = eras.of(Revisions.of(image.getRevision()), image.getImagesTopicId());
      return new Arrived(
          record.toBuilder().setImage(CopyImages.in(era, image)).build(), stored, sought);
    }

    /// What is stored of the image, without its earlier records.
    StoredCopy copy(CopyImage image, long sequence) {
      return new StoredCopy(
          image, stored, sought.fingerprints().trimmed().orElse(null), sequence, List.of());
    }
  }

  /// A {@link LandmarkProbe}.
  ///
  /// @param from the partition that asks, another one than this
  /// @param sequence its number among the arrivals of that partition, at least 1
  /// @param seen the last probe of this partition that the one asking had processed when it stored
  ///   the image
  record Probed(String id, int from, long sequence, long seen, CopyImage image, Sought sought) {}

  /// @param bits of hash codes
  /// @throws DefectiveRecordException where the bytes are none of this generation
  static Arrived arrived(byte[] value, int bits) throws DefectiveRecordException {
    ImageLandmarks landmarks;
    try {
      landmarks = ImageLandmarks.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new DefectiveRecordException(
          "value", "value: %d bytes that are no ImageLandmarks".formatted(value.length), e);
    }
    return arrived(landmarks, bits);
  }

  /// The same of a message.
  static Arrived arrived(ImageLandmarks landmarks, int bits) throws DefectiveRecordException {
    CopyImages.check(landmarks.getImage(), bits);
    return new Arrived(
        landmarks,
        StoredCopy.landmarks(landmarks.getStored()),
        sought(landmarks.getSought(), landmarks.getSoughtFingerprints()));
  }

  /// The probes of a topic's value, not checked.
  ///
  /// @throws DefectiveRecordException where the bytes are none
  static List<LandmarkProbe> probes(byte @Nullable [] value) throws DefectiveRecordException {
    if (value == null) {
      throw RecordChecks.defect("value", "none", "LandmarkProbes");
    }
    try {
      return LandmarkProbes.parseFrom(value).getProbesList();
    } catch (InvalidProtocolBufferException e) {
      throw new DefectiveRecordException(
          "value", "value: %d bytes that are no LandmarkProbes".formatted(value.length), e);
    }
  }

  /// @param partitions of landmarks
  /// @param here the partition that the probe arrived at
  /// @param bits of hash codes
  /// @throws DefectiveRecordException where it is none for this partition
  static Probed probed(LandmarkProbe probe, int partitions, int here, int bits)
      throws DefectiveRecordException {
    String id = RecordChecks.imageId(probe.getImageId().toByteArray());
    RecordChecks.range("from", probe.getFrom(), 0, partitions - 1L);
    if (probe.getFrom() == here) {
      throw RecordChecks.defect("from", here, "another partition than the one asked");
    }
    RecordChecks.range("sequence", probe.getSequence(), 1, Long.MAX_VALUE);
    RecordChecks.range("seen", probe.getSeen(), 0, Long.MAX_VALUE);
    CopyImages.check(probe.getImage(), bits);
    return new Probed(
        id,
        probe.getFrom(),
        probe.getSequence(),
        probe.getSeen(),
        probe.getImage(),
        sought(probe.getSought(), probe.getSoughtFingerprints()));
  }

  private static Sought sought(ByteString landmarks, ByteString fingerprints)
      throws DefectiveRecordException {
    return new Sought(
        parsed("sought", landmarks, SoughtLandmarks::fromBytes),
        parsed("sought_fingerprints", fingerprints, SoughtFingerprints::fromBytes));
  }

  private static <T> T parsed(String field, ByteString bytes, Function<byte[], T> parser)
      throws DefectiveRecordException {
    try {
      return parser.apply(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw new DefectiveRecordException(field, String.valueOf(e.getMessage()), e);
    }
  }
}

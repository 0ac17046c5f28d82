package dev.mekiki.index.copies;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ImageLandmarks;
import dev.mekiki.schemas.v1.LandmarkProbe;
import dev.mekiki.schemas.v1.LandmarkProbes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Records of both topics that partitions of landmarks read, checked. Stateless.
final class ReceivedLandmarks {
  private ReceivedLandmarks() {}

  /// An {@link ImageLandmarks}.
  ///
  /// @param soughtBytes as received, to be sent on
  record Arrived(
      CopyImage image, StoredLandmarks stored, SoughtLandmarks sought, ByteString soughtBytes) {}

  /// A {@link LandmarkProbe}.
  ///
  /// @param from the partition that asks, another one than this
  /// @param sequence its number among the arrivals of that partition, at least 1
  /// @param seen the last probe of this partition that the one asking had processed when it stored
  ///   the image
  record Probed(
      String id, int from, long sequence, long seen, CopyImage image, SoughtLandmarks sought) {}

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
    CopyImages.check(landmarks.getImage(), bits);
    return new Arrived(
        landmarks.getImage(),
        StoredCopy.landmarks(landmarks.getStored()),
        sought(landmarks.getSought()),
        landmarks.getSought());
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
        sought(probe.getSought()));
  }

  private static SoughtLandmarks sought(ByteString bytes) throws DefectiveRecordException {
    try {
      return SoughtLandmarks.fromBytes(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw new DefectiveRecordException("sought", String.valueOf(e.getMessage()), e);
    }
  }
}

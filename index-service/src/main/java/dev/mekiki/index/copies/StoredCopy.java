package dev.mekiki.index.copies;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.turned.TrimmedFingerprint;
import dev.mekiki.hashing.turned.TurnedIndex;
import dev.mekiki.index.history.Standing;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.runtime.match.CopyRevisions;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.EarlierRecord;
import dev.mekiki.schemas.v1.LandmarkRow;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a partition stores of an image: a {@link LandmarkRow}, checked.
///
/// @param image its last revision here
/// @param landmarks those by which it is found
/// @param trimmed its fingerprint without its border; null if it has none
/// @param sequence the number of the probe that this revision sent
/// @param earlier the records that the last one of the image has taken the place of
record StoredCopy(
    CopyImage image,
    StoredLandmarks landmarks,
    @Nullable TrimmedFingerprint trimmed,
    long sequence,
    List<EarlierRecord> earlier) {
  /// The row of a stored value.
  ///
  /// @param bits of hash codes
  /// @throws DefectiveRecordException where the bytes are none of this generation
  static StoredCopy parse(byte[] value, int bits) throws DefectiveRecordException {
    LandmarkRow row;
    try {
      row = LandmarkRow.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new DefectiveRecordException(
          "value", "value: %d bytes that are no LandmarkRow".formatted(value.length), e);
    }
    CopyImages.check(row.getImage(), bits);
    RecordChecks.range("sequence", row.getSequence(), 0, Long.MAX_VALUE);
    return new StoredCopy(
        row.getImage(),
        landmarks(row.getStored()),
        row.getTrimmedFingerprint().isEmpty() ? null : trimmed(row.getTrimmedFingerprint()),
        row.getSequence(),
        row.getEarlierRecordsList());
  }

  private static TrimmedFingerprint trimmed(ByteString bytes) throws DefectiveRecordException {
    try {
      return TrimmedFingerprint.fromBytes(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw new DefectiveRecordException("trimmed_fingerprint", String.valueOf(e.getMessage()), e);
    }
  }

  static StoredLandmarks landmarks(ByteString bytes) throws DefectiveRecordException {
    try {
      return StoredLandmarks.fromBytes(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw new DefectiveRecordException("stored", String.valueOf(e.getMessage()), e);
    }
  }

  /// Adds the image to those that are found by fingerprints, or removes it: featureless pictures
  /// are not found.
  void putInto(TurnedIndex index, String id) {
    Fingerprint fingerprint = CopyRevisions.fingerprint(image);
    if (fingerprint.isFeatureless()) {
      index.remove(id);
    } else {
      String tenant = image.getTenant();
      index.put(
          id,
          fingerprint.code(),
          trimmed == null ? null : trimmed.code(),
          tenant.isEmpty() ? Map.of() : Map.of(FilterableKeys.TENANT, tenant));
    }
  }

  StoredCopy trimmedAs(StoredCopy other) {
    return new StoredCopy(image, landmarks, other.trimmed, sequence, earlier);
  }

  StoredCopy after(List<EarlierRecord> records) {
    return new StoredCopy(image, landmarks, trimmed, sequence, records);
  }

  Standing standing() {
    return Standing.of(image, earlier);
  }

  byte[] toBytes() {
    LandmarkRow.Builder row =
        LandmarkRow.newBuilder()
            .setImage(image)
            .setStored(ByteString.copyFrom(landmarks.toBytes()))
            .setSequence(sequence)
            .addAllEarlierRecords(earlier);
    if (trimmed != null) {
      row.setTrimmedFingerprint(ByteString.copyFrom(trimmed.toBytes()));
    }
    return row.build().toByteArray();
  }
}

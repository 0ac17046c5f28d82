package dev.mekiki.index.copies;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.LandmarkRow;

/// What a partition stores of an image: a {@link LandmarkRow}, checked.
///
/// @param image its last revision here
/// @param landmarks those by which it is found
/// @param sequence the number of the probe that this revision sent
record StoredCopy(CopyImage image, StoredLandmarks landmarks, long sequence) {
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
    return new StoredCopy(row.getImage(), landmarks(row.getStored()), row.getSequence());
  }

  static StoredLandmarks landmarks(ByteString bytes) throws DefectiveRecordException {
    try {
      return StoredLandmarks.fromBytes(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw new DefectiveRecordException("stored", String.valueOf(e.getMessage()), e);
    }
  }

  byte[] toBytes() {
    return LandmarkRow.newBuilder()
        .setImage(image)
        .setStored(ByteString.copyFrom(landmarks.toBytes()))
        .setSequence(sequence)
        .build()
        .toByteArray();
  }
}

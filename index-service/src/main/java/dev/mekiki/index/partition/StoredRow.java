package dev.mekiki.index.partition;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.PlacedRow;
import dev.mekiki.schemas.v1.Placement;
import java.io.IOException;
import java.io.UncheckedIOException;

/// What a partition stores of an image: a {@link PlacedRow}, checked.
///
/// @param placement of the image's last revision here
/// @param sequence the number of the probe that this revision sent; 0 where it sent none, because
///   matching was off or the image was held back
record StoredRow(Placement placement, long sequence) {
  /// The row of a stored value.
  ///
  /// @param home the partition that stores it
  /// @throws DefectiveRecordException where the bytes are none, or none of this generation and
  ///   partition
  static StoredRow parse(byte[] value, GenerationGeometry geometry, int home)
      throws DefectiveRecordException {
    PlacedRow row;
    try {
      row = PlacedRow.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new DefectiveRecordException(
          "value", "value: %d bytes that are no PlacedRow".formatted(value.length), e);
    }
    PlacementRows.check(row.getPlacement(), geometry);
    PlacementRows.checkHome(row.getPlacement(), home);
    RecordChecks.range("sequence", row.getSequence(), 0, Long.MAX_VALUE);
    return new StoredRow(row.getPlacement(), row.getSequence());
  }

  /// The bytes of a row whose placement is serialized already.
  static byte[] bytes(byte[] placement, long sequence) {
    int size =
        CodedOutputStream.computeByteArraySize(PlacedRow.PLACEMENT_FIELD_NUMBER, placement)
            + (sequence == 0
                ? 0
                : CodedOutputStream.computeInt64Size(PlacedRow.SEQUENCE_FIELD_NUMBER, sequence));
    byte[] row = new byte[size];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(row);
      out.writeByteArray(PlacedRow.PLACEMENT_FIELD_NUMBER, placement);
      if (sequence != 0) {
        out.writeInt64(PlacedRow.SEQUENCE_FIELD_NUMBER, sequence);
      }
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return row;
  }

  /// The image as the match rule sees it.
  PlacedRevision revision(String id) {
    return PlacementRows.revision(id, placement);
  }
}

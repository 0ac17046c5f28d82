package dev.mekiki.index.partition;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.Probe;
import java.io.IOException;
import java.io.UncheckedIOException;

/// One probe on its way to a partition. What the probes of one arrival have in common is serialized
/// once and shared; `seen` alone differs.
///
/// @param common the {@link Probe} without `seen`, serialized; not copied
/// @param seen the last probe processed from the partition asked
/// @param partition the one asked
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record OutgoingProbe(byte[] common, long seen, int partition) {
  /// What the probes of one arrival have in common.
  ///
  /// @param value the placement as it arrived, serialized
  /// @param placement the same, parsed
  static byte[] common(int from, long sequence, byte[] value, Placement placement) {
    byte[] sent = withoutMetadata(value, placement);
    int size =
        CodedOutputStream.computeInt32Size(Probe.FROM_FIELD_NUMBER, from)
            + CodedOutputStream.computeInt64Size(Probe.SEQUENCE_FIELD_NUMBER, sequence)
            + CodedOutputStream.computeByteArraySize(Probe.PLACEMENT_FIELD_NUMBER, sent);
    byte[] common = new byte[size];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(common);
      out.writeInt32(Probe.FROM_FIELD_NUMBER, from);
      out.writeInt64(Probe.SEQUENCE_FIELD_NUMBER, sequence);
      out.writeByteArray(Probe.PLACEMENT_FIELD_NUMBER, sent);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return common;
  }

  /// What a decision and an event do without is not sent; nor what we do not know, of any length.
  private static byte[] withoutMetadata(byte[] value, Placement placement) {
    if (placement.getFilterableMetadataCount() == 0
        && placement.getUnknownFields().asMap().isEmpty()) {
      return value;
    }
    return placement.toBuilder()
        .clearFilterableMetadata()
        .setUnknownFields(UnknownFieldSet.getDefaultInstance())
        .build()
        .toByteArray();
  }

  /// The record's value.
  byte[] bytes() {
    if (seen == 0) {
      return common;
    }
    int size = CodedOutputStream.computeInt64Size(Probe.SEEN_FIELD_NUMBER, seen);
    byte[] value = new byte[common.length + size];
    System.arraycopy(common, 0, value, 0, common.length);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(value, common.length, size);
      out.writeInt64(Probe.SEEN_FIELD_NUMBER, seen);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return value;
  }
}

package dev.mekiki.index.partition;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import dev.mekiki.index.probe.OutgoingProbes;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.Probe;
import dev.mekiki.schemas.v1.Probes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Probes that wait for the commit of the transaction in which their arrivals are stored. What one
/// partition is asked in a transaction goes into one record, or into a few: nobody could read them
/// earlier, and each record costs its way through Kafka. Owned by one stream thread.
final class ProbeOutbox {
  /// A record that has grown to this size is sent at once.
  private static final int RECORD_BYTES = 64 << 10;

  /// Room for what is written beside the common bytes, so that these are not copied once more.
  private static final int HEADER_BYTES = 32;

  private final int here;

  /// By the partition asked; null where nothing waits, so that a large transaction leaves no room
  /// behind.
  private final @Nullable ByteArrayOutputStream[] waiting;

  private final Consumer<OutgoingProbes> sink;

  /// @param here the partition that asks
  /// @param partitions of the generation
  /// @param sink sends a record
  ProbeOutbox(int here, int partitions, Consumer<OutgoingProbes> sink) {
    this.here = here;
    this.sink = sink;
    waiting = new ByteArrayOutputStream[partitions];
  }

  /// What the probes of one arrival have in common: a {@link Probe} without `seen`, serialized.
  ///
  /// @param id of the image
  /// @param sequence of the arrival
  /// @param value the placement as it arrived, serialized
  /// @param placement the same, parsed
  byte[] common(String id, long sequence, byte[] value, Placement placement) {
    byte[] sent = withoutMetadata(value, placement);
    byte[] imageId = id.getBytes(StandardCharsets.UTF_8);
    byte[] common =
        new byte
            [CodedOutputStream.computeInt32Size(Probe.FROM_FIELD_NUMBER, here)
                + CodedOutputStream.computeInt64Size(Probe.SEQUENCE_FIELD_NUMBER, sequence)
                + CodedOutputStream.computeByteArraySize(Probe.PLACEMENT_FIELD_NUMBER, sent)
                + CodedOutputStream.computeByteArraySize(Probe.IMAGE_ID_FIELD_NUMBER, imageId)];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(common);
      out.writeInt32(Probe.FROM_FIELD_NUMBER, here);
      out.writeInt64(Probe.SEQUENCE_FIELD_NUMBER, sequence);
      out.writeByteArray(Probe.PLACEMENT_FIELD_NUMBER, sent);
      out.writeByteArray(Probe.IMAGE_ID_FIELD_NUMBER, imageId);
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

  /// Adds a probe.
  ///
  /// @param common of the arrival, as {@link #common} makes it
  /// @param seen the last probe processed from the partition asked
  /// @param partition the one asked
  void add(byte[] common, long seen, int partition) {
    int seenBytes =
        seen == 0 ? 0 : CodedOutputStream.computeInt64Size(Probe.SEEN_FIELD_NUMBER, seen);
    ByteArrayOutputStream record = waiting[partition];
    if (record == null) {
      record = new ByteArrayOutputStream(common.length + HEADER_BYTES);
      waiting[partition] = record;
    }
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(record, HEADER_BYTES);
      out.writeTag(Probes.PROBES_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(common.length + seenBytes);
      out.writeRawBytes(common);
      if (seen != 0) {
        out.writeInt64(Probe.SEEN_FIELD_NUMBER, seen);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (record.size() >= RECORD_BYTES) {
      send(partition, record);
    }
  }

  /// Sends all that waits.
  void send() {
    for (int partition = 0; partition < waiting.length; partition++) {
      ByteArrayOutputStream record = waiting[partition];
      if (record != null) {
        send(partition, record);
      }
    }
  }

  private void send(int partition, ByteArrayOutputStream record) {
    waiting[partition] = null;
    sink.accept(new OutgoingProbes(record.toByteArray(), partition));
  }
}

package dev.mekiki.index.partition;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.Probe;
import dev.mekiki.schemas.v1.Probes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A {@link Probe} that arrived at a partition, checked.
///
/// @param id of the image that it is of
/// @param from the partition that asks, another one than this
/// @param sequence its number among the arrivals of that partition, at least 1
/// @param placement the image that it is of
/// @param seen the last probe of this partition that the one asking had processed when it stored
///   the image
record ReceivedProbe(String id, int from, long sequence, Placement placement, long seen) {
  /// The probes of a topic's value, not checked.
  ///
  /// @throws DefectiveRecordException where the bytes are none
  static List<Probe> parse(byte @Nullable [] value) throws DefectiveRecordException {
    if (value == null) {
      throw RecordChecks.defect("value", "none", "Probes");
    }
    try {
      return Probes.parseFrom(value).getProbesList();
    } catch (InvalidProtocolBufferException e) {
      throw new DefectiveRecordException(
          "value", "value: %d bytes that are no Probes".formatted(value.length), e);
    }
  }

  /// A probe, checked.
  ///
  /// @param here the partition that it arrived at
  /// @throws DefectiveRecordException where it is none for this partition of this generation
  static ReceivedProbe of(Probe probe, GenerationGeometry geometry, int here)
      throws DefectiveRecordException {
    String id = RecordChecks.imageId(probe.getImageId().toByteArray());
    RecordChecks.range("from", probe.getFrom(), 0, geometry.partitions() - 1L);
    if (probe.getFrom() == here) {
      throw RecordChecks.defect("from", here, "another partition than the one asked");
    }
    RecordChecks.range("sequence", probe.getSequence(), 1, Long.MAX_VALUE);
    RecordChecks.range("seen", probe.getSeen(), 0, Long.MAX_VALUE);
    PlacementRows.check(probe.getPlacement(), geometry);
    PlacementRows.checkHome(probe.getPlacement(), probe.getFrom());
    return new ReceivedProbe(
        id, probe.getFrom(), probe.getSequence(), probe.getPlacement(), probe.getSeen());
  }
}

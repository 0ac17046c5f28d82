package dev.mekiki.query.search;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.schemas.v1.Center;
import dev.mekiki.schemas.v1.Generation;

/// The generation that searches are answered in.
///
/// @param record the record as it was announced
/// @param routing its centers and the partition of each
public record ActiveGeneration(Generation record, Routing routing) {
  /// Builds the routing that the record describes.
  ///
  /// @throws IllegalArgumentException where the record contradicts itself
  public static ActiveGeneration of(Generation record) {
    CenterTable centers =
        new CenterTable(
            record.getBits(),
            record.getCentersList().stream()
                .map(center -> HashCode.fromBytes(center.getCode().toByteArray()))
                .toList(),
            record.getCentersList().stream().map(Center::getLabel).toList());
    return new ActiveGeneration(
        record, new Routing(centers, record.getPartitions(), record.getPartitionOfCenterList()));
  }

  public String id() {
    return record.getId();
  }

  /// q.
  public int bits() {
    return record.getBits();
  }
}

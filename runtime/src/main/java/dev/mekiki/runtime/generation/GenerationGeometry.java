package dev.mekiki.runtime.generation;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.PlacementPlan;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.schemas.v1.Center;
import dev.mekiki.schemas.v1.Generation;
import java.util.ArrayList;
import java.util.List;

/// What one generation says about where codes belong, read from its record. Immutable.
///
/// @param id the generation's id
/// @param network the id of the network that made its codes
/// @param routing center table and the partition of each bucket
/// @param replicationRadius R, at least 0
public record GenerationGeometry(
    String id, String network, Routing routing, int replicationRadius) {
  /// The geometry that a record on `generations` describes.
  ///
  /// @throws IllegalArgumentException where its centers, partitions and bits do not fit together
  public static GenerationGeometry of(Generation generation) {
    List<HashCode> codes = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (Center center : generation.getCentersList()) {
      codes.add(HashCode.fromBytes(center.getCode().toByteArray()));
      labels.add(center.getLabel());
    }
    CenterTable centers = new CenterTable(generation.getBits(), codes, labels);
    return new GenerationGeometry(
        generation.getId(),
        generation.getNetwork(),
        new Routing(centers, generation.getPartitions(), generation.getPartitionOfCenterList()),
        generation.getReplicationRadius());
  }

  /// q of the generation's codes.
  public int bits() {
    return centers().bits();
  }

  /// The center table.
  public CenterTable centers() {
    return routing.centers();
  }

  /// Number of partitions of `code-placements`.
  public int partitions() {
    return routing.partitions();
  }

  /// Bucket, shell and partitions of a code.
  public PlacementPlan plan(HashCode code) {
    return routing.plan(code, replicationRadius);
  }
}

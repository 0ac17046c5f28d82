package dev.mekiki.runtime.generation;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Home;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Center;
import dev.mekiki.schemas.v1.Generation;
import java.util.ArrayList;
import java.util.List;

/// What one generation says about where codes belong, read from its record. Immutable.
///
/// @param id the generation's id
/// @param network the id of the network that made its codes
/// @param routing center table and the partition of each bucket
public record GenerationGeometry(String id, String network, Routing routing) {
  /// Most partitions of a generation.
  private static final int MAX_PARTITIONS = 1024;

  /// The geometry that a record on `generations` describes.
  ///
  /// @throws IllegalArgumentException where its id is no content hash, or its centers, partitions
  ///   and bits do not fit together
  public static GenerationGeometry of(Generation generation) {
    String _ = Topics.shortId(generation.getId());
    String _ = Topics.shortId(generation.getNetwork());
    if (generation.getPartitions() > MAX_PARTITIONS) {
      throw new IllegalArgumentException(
          "partitions: %d (expected: 1..%d)".formatted(generation.getPartitions(), MAX_PARTITIONS));
    }
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
        new Routing(centers, generation.getPartitions(), generation.getPartitionOfCenterList()));
  }

  /// Checks that a record can be read by {@link #of}.
  ///
  /// @throws IllegalArgumentException as {@link #of} does
  static void check(Generation generation) {
    GenerationGeometry _ = of(generation);
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

  /// Where an image of that code is stored.
  public Home home(HashCode code) {
    return routing.home(code);
  }
}

package dev.mekiki.runtime.generation;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Home;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.BucketPart;
import dev.mekiki.schemas.v1.Center;
import dev.mekiki.schemas.v1.Generation;
import java.util.ArrayList;
import java.util.List;

/// What one generation says about where codes belong, read from its record. Immutable.
///
/// @param id the generation's id
/// @param network the id of the network that made its codes
/// @param routing center table and the partitions of each bucket
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
        generation.getId(), generation.getNetwork(), routing(centers, generation));
  }

  private static Routing routing(CenterTable centers, Generation generation) {
    if (generation.getFurtherPartitionsCount() == 0) {
      return new Routing(
          centers, generation.getPartitions(), generation.getPartitionOfCenterList());
    }
    List<List<Integer>> partitions = new ArrayList<>();
    for (int partition : generation.getPartitionOfCenterList()) {
      partitions.add(new ArrayList<>(List.of(partition)));
    }
    for (BucketPart part : generation.getFurtherPartitionsList()) {
      if (part.getCenter() < 0 || part.getCenter() >= partitions.size()) {
        throw new IllegalArgumentException(
            "further partition of center %d (expected: 0 to %d)"
                .formatted(part.getCenter(), partitions.size() - 1));
      }
      partitions.get(part.getCenter()).add(part.getPartition());
    }
    return Routing.split(centers, generation.getPartitions(), partitions);
  }

  /// A record, without its id, that {@link #of} reads as this network and routing.
  ///
  /// @param network id of the network that makes the codes
  public static Generation.Builder generation(String network, Routing routing) {
    CenterTable centers = routing.centers();
    Generation.Builder generation =
        Generation.newBuilder()
            .setNetwork(network)
            .setBits(centers.bits())
            .setPartitions(routing.partitions());
    List<List<Integer>> partitions = routing.partitionsOfCenters();
    for (int center = 0; center < centers.size(); center++) {
      List<Integer> ofCenter = partitions.get(center);
      generation
          .addCenters(
              Center.newBuilder()
                  .setCode(ByteString.copyFrom(centers.center(center).toBytes()))
                  .setLabel(centers.label(center)))
          .addPartitionOfCenter(ofCenter.getFirst());
      for (int partition : ofCenter.subList(1, ofCenter.size())) {
        generation.addFurtherPartitions(
            BucketPart.newBuilder().setCenter(center).setPartition(partition));
      }
    }
    return generation;
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

  /// Where an image is stored.
  ///
  /// @param id of the image
  public Home home(HashCode code, String id) {
    return routing.home(code, id);
  }
}

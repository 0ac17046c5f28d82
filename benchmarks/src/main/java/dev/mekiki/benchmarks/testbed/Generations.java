package dev.mekiki.benchmarks.testbed;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.schemas.v1.Center;
import dev.mekiki.schemas.v1.Generation;

/// Generations for generated images.
public final class Generations {
  private Generations() {}

  /// A generation of a center table, routed as an encoder service would.
  public static Generation of(CenterTable centers, int partitions) {
    Routing routing = Routing.byProximity(centers, partitions);
    Generation.Builder generation =
        Generation.newBuilder()
            .setNetwork(MadeUpImages.NETWORK)
            .setBits(centers.bits())
            .setPartitions(partitions)
            .addAllPartitionOfCenter(routing.partitionOfCenters())
            .setBundle("made up");
    for (int center = 0; center < centers.size(); center++) {
      generation.addCenters(
          Center.newBuilder()
              .setCode(ByteString.copyFrom(centers.center(center).toBytes()))
              .setLabel(centers.label(center)));
    }
    return GenerationRegistry.identified(generation.build());
  }
}

package dev.mekiki.benchmarks.testbed;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.schemas.v1.Generation;

/// Generations for generated images.
public final class Generations {
  private Generations() {}

  /// A generation of a center table, routed as an encoder service would.
  public static Generation of(CenterTable centers, int partitions) {
    return of(Routing.byProximity(centers, partitions));
  }

  /// A generation of a routing.
  public static Generation of(Routing routing) {
    return GenerationRegistry.identified(
        GenerationGeometry.generation(MadeUpImages.NETWORK, routing).setBundle("made up").build());
  }
}

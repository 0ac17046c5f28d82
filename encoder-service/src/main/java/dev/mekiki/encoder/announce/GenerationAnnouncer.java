package dev.mekiki.encoder.announce;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.Announcement;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.schemas.v1.Generation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the generation of a bundle and announces it.
public final class GenerationAnnouncer {
  private static final Logger log = LoggerFactory.getLogger(GenerationAnnouncer.class);

  private GenerationAnnouncer() {}

  /// The generation that a bundle's network and centers make.
  ///
  /// @param partitions that its buckets are spread over, at least 1
  public static Generation generation(Bundle bundle, int partitions) {
    return generation(bundle, Routing.byProximity(bundle.centers(), partitions));
  }

  /// The same with another routing.
  ///
  /// @param routing of the bundle's centers
  public static Generation generation(Bundle bundle, Routing routing) {
    return GenerationRegistry.identified(
        GenerationGeometry.generation(bundle.networkId(), routing)
            .setBundle(bundle.source())
            .build());
  }

  /// Makes the generation active, or finds that it is.
  ///
  /// @throws StartException where another one is active and is to stay so
  public static void announce(GenerationRegistry registry, Generation generation, boolean reindex) {
    switch (registry.announce(generation, reindex)) {
      case Announcement.Activated(Generation active) ->
          log.info(
              "Generation activated generation={} network={} bits={} centers={} partitions={}",
              active.getId(),
              active.getNetwork(),
              active.getBits(),
              active.getCentersCount(),
              active.getPartitions());
      case Announcement.AlreadyActive(Generation active) ->
          log.info("Generation is active already generation={}", active.getId());
      case Announcement.EncodesFor(Generation kept) ->
          log.info(
              "Codes are made for a generation of this network generation={} state={} network={}",
              kept.getId(),
              kept.getState(),
              kept.getNetwork());
      case Announcement.OtherActive(Generation active) ->
          throw new StartException(
              ("generation: the topics hold %s, this encoder makes %s (expected: the same; start it as"
                      + " before, or read everything again from the topics with `mekiki up --data DIR"
                      + " --reindex` or `mekiki encoder --reindex`)")
                  .formatted(described(active), described(generation)));
    }
  }

  private static String described(Generation generation) {
    return "network %s, %d bits, %d centers, %d partitions (generation %s)"
        .formatted(
            generation.getNetwork(),
            generation.getBits(),
            generation.getCentersCount(),
            generation.getPartitions(),
            generation.getId().substring(0, 16));
  }
}

package dev.mekiki.index.placement;

import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.SourceCoordinate;
import io.micrometer.core.instrument.Counter;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports codes whose offset on `images` is lower than the one known of their image. That is not
/// normal: either an encoder reads its input again, or `images` was deleted and created again. Each
/// case is logged once, and counted. Thread-safe.
final class SourceOrder {
  private static final Logger log = LoggerFactory.getLogger(SourceOrder.class);

  private final Counter stale;
  private final Counter recreated;
  private final AtomicBoolean staleLogged = new AtomicBoolean();
  private final AtomicBoolean recreatedLogged = new AtomicBoolean();

  /// @param stale counts codes that were ignored
  /// @param recreated counts codes that were taken as a re-created topic's
  SourceOrder(Counter stale, Counter recreated) {
    this.stale = stale;
    this.recreated = recreated;
  }

  /// A code was ignored because a newer one is known.
  void ignored(ImageCode code, ImageCode known) {
    stale.increment();
    if (staleLogged.compareAndSet(false, true)) {
      SourceCoordinate at = code.getSource();
      log.warn(
          "Code ignored, it is older than the one known; an encoder reads its input again. Further"
              + " ones are only counted topic={} partition={} offset={} knownOffset={}"
              + " metric=mekiki.index.codes{outcome=stale}",
          at.getTopic(),
          at.getPartition(),
          at.getOffset(),
          known.getSource().getOffset());
    }
  }

  /// A code of a lower offset and a later image was placed.
  void placedAgain(ImageCode code, ImageCode known) {
    recreated.increment();
    if (recreatedLogged.compareAndSet(false, true)) {
      SourceCoordinate at = code.getSource();
      log.warn(
          "The topic of images was created again. Its images replace known ones; known images that"
              + " are not sent again stay until they are deleted. For a clean start use another"
              + " mekiki.topics.prefix topic={} partition={} offset={} knownOffset={}"
              + " metric=mekiki.index.codes.recreated",
          at.getTopic(),
          at.getPartition(),
          at.getOffset(),
          known.getSource().getOffset());
    }
  }
}

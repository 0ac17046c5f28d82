package dev.mekiki.index;

import dev.mekiki.hashing.policy.PolicyFilter;
import dev.mekiki.index.copies.CopyMetrics;
import dev.mekiki.index.copies.CopySearcher;
import dev.mekiki.index.copies.CopySettings;
import dev.mekiki.index.copies.HostedLandmarks;
import dev.mekiki.index.copies.StoredCopies;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.topology.CopyTopology;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.policy.PolicyFollower;
import dev.mekiki.schemas.image.Retention;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Builds what one instance needs where copies are looked for. Stateless.
final class CopyParts {
  private CopyParts() {}

  /// The part of the topology; null where copies are not looked for.
  ///
  /// @param hosted stores of placements, opened and lagging beside those of landmarks
  /// @param policies what people decided
  static @Nullable CopyTopology topology(
      GenerationGeometry geometry,
      Preconditions given,
      HostedPartitions hosted,
      PolicyFollower policies,
      MeterRegistry metrics,
      LeftOutRecords leftOut) {
    CopySettings settings = given.copies();
    if (settings == null) {
      return null;
    }
    HostedLandmarks landmarks =
        new HostedLandmarks(geometry.bits(), hosted.startup(), hosted.lags(), leftOut);
    return new CopyTopology(
        settings,
        policies.copyFilter(given.matching().origins()),
        landmarks,
        policies::readDecisions,
        new CopyMetrics(metrics, landmarks));
  }

  /// Looks for copies of query pictures.
  static CopySearcher searcher(CopyTopology copies, BooleanSupplier trusted) {
    return new CopySearcher(
        copies.settings(),
        copies.hosted(),
        copies.metrics(),
        trusted,
        Runtime.getRuntime().availableProcessors());
  }

  /// Looks for copies again among what is stored.
  static StoredCopies stored(
      CopyTopology copies,
      GenerationGeometry geometry,
      Preconditions given,
      Retention retention,
      InstantSource clock,
      PolicyFollower policies) {
    return new StoredCopies(
        geometry,
        copies.settings(),
        // Counts nothing: these pairs were counted when they were left out.
        PolicyFilter.ofCopies(given.matching().origins(), policies::policies),
        copies.hosted(),
        retention,
        clock,
        copies.decisions());
  }
}

package dev.mekiki.index.partition;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.MatchLevel;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchedImage;
import dev.mekiki.schemas.v1.Placement;
import java.util.HexFormat;

/// The matches that a partition decides to emit. Stateless.
final class PlacedMatches {
  private PlacedMatches() {}

  /// The match.
  ///
  /// @param limits the thresholds in force
  /// @param later what is known of `decision.later()`
  /// @param earlier what is known of `decision.earlier()`
  /// @param matchMillis now
  static Match match(
      GenerationGeometry geometry,
      MatchPolicy limits,
      Emit decision,
      Placement later,
      Placement earlier,
      long matchMillis) {
    return Match.newBuilder()
        .setEventId(MatchEvents.eventId(geometry.id(), decision.later(), decision.earlier()))
        .setKind(MatchEvents.kind(decision.level()))
        .setLater(matched(decision.later().id(), later))
        .setEarlier(matched(decision.earlier().id(), earlier))
        .setCodeDistance(decision.codeDistance())
        .setFingerprintDistance(decision.fingerprintDistance())
        .setCenter(later.getCenter())
        .setCenterLabel(geometry.centers().label(later.getCenter()))
        .setEarlierCenter(earlier.getCenter())
        .setGeneration(geometry.id())
        .setMatchTime(Timestamps.fromMillis(matchMillis))
        .setDecidedBy(decidedBy(decision.level()))
        .setExplanation(explanation(geometry, limits, decision))
        .setLimits(MatchEvents.limits(limits))
        .build();
  }

  private static DecidedBy decidedBy(MatchLevel level) {
    return switch (level) {
      case EXACT -> DecidedBy.BYTES;
      case DUPLICATE -> DecidedBy.FINGERPRINT;
      case NEAR -> DecidedBy.CODE;
    };
  }

  private static String explanation(
      GenerationGeometry geometry, MatchPolicy limits, Emit decision) {
    return switch (decision.level()) {
      case EXACT -> "the same bytes";
      case DUPLICATE ->
          "fingerprints differ in %d of %d bits (limit %d)"
              .formatted(
                  decision.fingerprintDistance(), Fingerprint.BITS, limits.fingerprintRadius());
      case NEAR ->
          "codes differ in %d of %d bits (limit %d)"
              .formatted(decision.codeDistance(), geometry.bits(), limits.nearRadius());
    };
  }

  private static MatchedImage matched(String id, Placement placement) {
    return MatchedImage.newBuilder()
        .setId(id)
        .setRevision(placement.getRevision())
        .setImageTime(placement.getImageTime())
        .setEncodedTime(placement.getEncodedTime())
        .setPlacedTime(placement.getPlacedTime())
        .setSha256(HexFormat.of().formatHex(placement.getSha256().toByteArray()))
        .setTenant(placement.getTenant())
        .setImageSource(placement.getImageSource())
        .putAllMetadata(placement.getEventMetadataMap())
        .build();
  }
}

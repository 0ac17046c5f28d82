package dev.mekiki.query.compare;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchDecision.Reason;
import dev.mekiki.hashing.match.MatchLevel;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.MatchRule;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.schemas.v1.AlignedCandidate;
import dev.mekiki.schemas.v1.AlignedCandidate.Result;
import dev.mekiki.schemas.v1.CompareResponse;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.MatchLimits;
import dev.mekiki.schemas.v1.MatchRules;
import dev.mekiki.schemas.v1.Obstacle;
import dev.mekiki.schemas.v1.Obstacle.Kind;
import dev.mekiki.schemas.v1.Quarantine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Says whether two images match, why or why not, and what stands in the way of an event: by the
/// rule that the index follows, and the settings that it follows it with.
public final class PairExplanation {
  private final Compared a;
  private final Compared b;
  private final MatchRules rules;
  private final PairPolicy policy;
  private final Aligned aligned;
  private final int codeDistance;
  private final int fingerprintDistance;

  /// What an alignment said.
  ///
  /// @param answer null where the two were not laid over each other
  /// @param reason why not; empty where they were
  public record Aligned(@Nullable AlignedCandidate answer, String reason) {
    /// The two were not laid over each other.
    public static Aligned not(String reason) {
      return new Aligned(null, reason);
    }
  }

  private PairExplanation(
      Compared a, Compared b, MatchRules rules, PairPolicy policy, Aligned aligned) {
    this.a = a;
    this.b = b;
    this.rules = rules;
    this.policy = policy;
    this.aligned = aligned;
    codeDistance = a.revision().code().distance(b.revision().code());
    fingerprintDistance =
        a.revision().fingerprint().code().distance(b.revision().fingerprint().code());
  }

  /// The explanation.
  ///
  /// @param rules of the index; quarantines of all its instances
  public static CompareResponse of(
      Compared a, Compared b, MatchRules rules, PairPolicy policy, Aligned aligned) {
    return new PairExplanation(a, b, rules, policy, aligned).explain();
  }

  private CompareResponse explain() {
    CompareResponse.Builder response =
        CompareResponse.newBuilder()
            .setA(a.image())
            .setB(b.image())
            .setSameBytes(a.revision().sha256().equals(b.revision().sha256()))
            .setFingerprintDistance(fingerprintDistance)
            .setCodeDistance(codeDistance)
            .setLimits(rules.getLimits());
    boolean featureless =
        a.revision().fingerprint().isFeatureless() || b.revision().fingerprint().isFeatureless();
    if (!featureless) {
      response.setMatchesFromRadius(fingerprintDistance);
    }
    AlignedCandidate answer = aligned.answer();
    if (answer != null && answer.hasAlignment()) {
      response.setAlignment(answer.getAlignment());
    }
    response.setAlignmentExplanation(alignmentExplanation(answer));
    decide(response, featureless);
    List<Obstacle> obstacles = obstacles(response.getKind(), featureless);
    return response
        .addAllObstacles(obstacles)
        .setEmits(
            response.getKind() != MatchKind.MATCH_KIND_UNSPECIFIED
                && obstacles.stream().allMatch(one -> one.getKind() == Kind.FEATURELESS))
        .build();
  }

  private String alignmentExplanation(@Nullable AlignedCandidate answer) {
    if (answer == null) {
      return aligned.reason();
    }
    return switch (answer.getResult()) {
      case COPY -> answer.getExplanation();
      case SHARES_ELEMENT -> "they are no copies, but share an element: " + answer.getExplanation();
      default -> "neither picture, nor a part of it, is seen in the other";
    };
  }

  private void decide(CompareResponse.Builder response, boolean featureless) {
    MatchLevel level =
        new MatchRule(matchPolicy())
            .level(a.revision(), b.revision(), codeDistance, fingerprintDistance);
    if (level == MatchLevel.EXACT) {
      said(response, MatchKind.EXACT, DecidedBy.BYTES, "the same bytes");
    } else if (level == MatchLevel.DUPLICATE) {
      said(response, MatchKind.DUPLICATE, DecidedBy.FINGERPRINT, fingerprints());
    } else if (isCopy(featureless)) {
      said(response, MatchKind.DUPLICATE, DecidedBy.ALIGNMENT, copyExplanation());
    } else if (level == MatchLevel.NEAR) {
      said(response, MatchKind.NEAR, DecidedBy.CODE, codes());
    } else {
      response.setExplanation("no match: " + (featureless ? unlikeBytes() : fingerprints()));
    }
  }

  private boolean isCopy(boolean featureless) {
    AlignedCandidate answer = aligned.answer();
    return !featureless && answer != null && answer.getResult() == Result.COPY;
  }

  private String copyExplanation() {
    AlignedCandidate answer = aligned.answer();
    return answer == null ? "" : answer.getExplanation();
  }

  private static void said(
      CompareResponse.Builder response, MatchKind kind, DecidedBy by, String explanation) {
    response.setKind(kind).setDecidedBy(by).setExplanation(explanation);
  }

  private String fingerprints() {
    return "fingerprints differ in %d of %d bits (limit %d)"
        .formatted(fingerprintDistance, Fingerprint.BITS, rules.getLimits().getFingerprintRadius());
  }

  private String codes() {
    return "codes differ in %d of %d bits (limit %d)"
        .formatted(codeDistance, a.revision().code().bits(), rules.getLimits().getNearRadius());
  }

  private static String unlikeBytes() {
    return "the bytes differ, and a picture with too little structure has no fingerprint to"
        + " compare";
  }

  private List<Obstacle> obstacles(MatchKind kind, boolean featureless) {
    List<Obstacle> obstacles = new ArrayList<>();
    PlacedRevision first = a.revision();
    PlacedRevision second = b.revision();
    if (a.isIndexed() && b.isIndexed() && first.id().equals(second.id())) {
      add(obstacles, Kind.SAME_IMAGE, "both are the image '%s'".formatted(first.id()));
    }
    if (!rules.getMatching()) {
      add(obstacles, Kind.MATCHING_OFF, "matching is off (mekiki.match.max-events-per-arrival=0)");
    }
    originObstacle(obstacles, first, second);
    if (later().muted()) {
      add(
          obstacles,
          Kind.SENT_MUTED,
          "'%s', the later one, was sent with mekiki-mute".formatted(later().id()));
    }
    for (PlacedRevision image : List.of(first, second)) {
      policy.muted(image).ifPresent(by -> add(obstacles, Kind.MUTE_LIST, by));
      quarantine(image).ifPresent(by -> add(obstacles, Kind.QUARANTINE, by));
    }
    policy.dismissed(first, second).ifPresent(by -> add(obstacles, Kind.DISMISSED, by));
    if (kind == MatchKind.DUPLICATE) {
      thresholdObstacle(obstacles, first, second);
    }
    if (featureless && kind != MatchKind.EXACT) {
      add(
          obstacles,
          Kind.FEATURELESS,
          "a picture whose fingerprint has a quality below %d matches the same bytes alone"
              .formatted(Fingerprint.MIN_QUALITY));
    }
    return obstacles;
  }

  private void originObstacle(
      List<Obstacle> obstacles, PlacedRevision first, PlacedRevision second) {
    Reason reason =
        new OriginFilter(rules.getTenantsShared(), rules.getSameSource())
            .reason(first, second, MatchLevel.EXACT, fingerprintDistance);
    if (reason == Reason.OTHER_TENANT) {
      add(
          obstacles,
          Kind.TENANT,
          "they belong to the tenants '%s' and '%s'"
              .formatted(first.origin().tenant(), second.origin().tenant()));
    } else if (reason == Reason.SAME_SOURCE) {
      add(
          obstacles,
          Kind.SAME_SOURCE,
          "both come from the source '%s' (mekiki.match.same-source=off)"
              .formatted(first.origin().source()));
    }
  }

  private void thresholdObstacle(
      List<Obstacle> obstacles, PlacedRevision first, PlacedRevision second) {
    for (String tenant :
        List.of(first.origin().tenant(), second.origin().tenant()).stream().distinct().toList()) {
      OptionalInt radius = policy.fingerprintRadius(tenant);
      if (fingerprintDistance <= rules.getLimits().getFingerprintRadius()
          && radius.isPresent()
          && fingerprintDistance > radius.getAsInt()) {
        add(
            obstacles,
            Kind.TENANT_THRESHOLD,
            "fingerprints differ in %d bits, tenant '%s' has the limit %d"
                .formatted(fingerprintDistance, tenant, radius.getAsInt()));
      }
    }
  }

  /// The search for copies has quarantines of its own.
  private Optional<String> quarantine(PlacedRevision image) {
    boolean toBeAligned =
        fingerprintDistance > rules.getLimits().getFingerprintRadius()
            && !a.revision().sha256().equals(b.revision().sha256());
    for (Quarantine one : rules.getQuarantinesList()) {
      boolean sameOwner = !one.hasTenant() || one.getTenant().equals(image.origin().tenant());
      int radius = image.fingerprint().isFeatureless() ? 0 : one.getRadius();
      if (sameOwner
          && one.getCopies() == toBeAligned
          && HashCode.fromHex(one.getFingerprint()).distance(image.fingerprint().code())
              <= radius) {
        return Optional.of("'%s' is in quarantine: %s".formatted(image.id(), one.getExplanation()));
      }
    }
    return Optional.empty();
  }

  private PlacedRevision later() {
    return a.revision().imageTimeMillis() > b.revision().imageTimeMillis()
        ? a.revision()
        : b.revision();
  }

  private static void add(List<Obstacle> obstacles, Kind kind, String explanation) {
    obstacles.add(Obstacle.newBuilder().setKind(kind).setExplanation(explanation).build());
  }

  private MatchPolicy matchPolicy() {
    MatchLimits limits = rules.getLimits();
    boolean byCodes = limits.hasRadius();
    return new MatchPolicy(
        byCodes ? Reach.CODES : Reach.EVERYWHERE,
        byCodes ? limits.getRadius() : 0,
        limits.getFingerprintRadius(),
        limits.hasNearRadius() ? limits.getNearRadius() : null);
  }
}

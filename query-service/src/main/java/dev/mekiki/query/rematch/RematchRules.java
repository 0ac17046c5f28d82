package dev.mekiki.query.rematch;

import dev.mekiki.schemas.v1.MatchRules;
import org.jspecify.annotations.Nullable;

/// Under which rules a job can run. Stateless.
final class RematchRules {
  private RematchRules() {}

  /// Why a job cannot run; null where it can.
  ///
  /// @param rules of the index instances
  /// @param fingerprintRadius that is asked for; null for none
  static @Nullable String refusal(MatchRules rules, @Nullable Integer fingerprintRadius) {
    if (!rules.getMatching()) {
      return "images are kept for searches alone (expected: mekiki.match.max-events-per-arrival above 0)";
    }
    if (!rules.getEventsNoted()) {
      return "an earlier version has begun this index, so it is not known which events there were"
          + " (expected: one that was begun anew; start one index instance with --reindex)";
    }
    int largest = rules.getLimits().getFingerprintRadius();
    if (fingerprintRadius != null && (fingerprintRadius < 0 || fingerprintRadius > largest)) {
      return "fingerprintRadius: %d (expected: 0..%d, that of the generation; for more set"
              .formatted(fingerprintRadius, largest)
          + " mekiki.match.fingerprint-radius and start one index instance with"
          + " --change-match-settings)";
    }
    return null;
  }
}

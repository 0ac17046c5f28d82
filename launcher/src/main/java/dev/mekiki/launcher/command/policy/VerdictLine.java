package dev.mekiki.launcher.command.policy;

import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.Verdict;

/// A verdict as people read it.
final class VerdictLine {
  private VerdictLine() {}

  static String of(Verdict verdict) {
    return "%s: %s  ==  %s"
        .formatted(
            verdict.getDecision(),
            Table.visible(verdict.getImageA()),
            Table.visible(verdict.getImageB()));
  }

  /// What it was found as, or a dash.
  static String kind(Verdict verdict) {
    return verdict.getKind() == MatchKind.MATCH_KIND_UNSPECIFIED
        ? "-"
        : verdict.getKind().toString();
  }
}

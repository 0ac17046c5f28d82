package dev.mekiki.launcher.command.client;

import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.Match;

/// A match as one line for people.
public final class MatchLine {
  private MatchLine() {}

  public static String of(Match match) {
    String pair =
        "%s  ==  %s"
            .formatted(
                Table.visible(match.getLater().getId()), Table.visible(match.getEarlier().getId()));
    return match.getDecidedBy() == DecidedBy.ALIGNMENT
        ? "%-9s  %s  (%s)".formatted(match.getKind(), pair, Table.visible(match.getExplanation()))
        : "%-9s  code %2d  fingerprint %3d  %s"
            .formatted(
                match.getKind(), match.getCodeDistance(), match.getFingerprintDistance(), pair);
  }
}

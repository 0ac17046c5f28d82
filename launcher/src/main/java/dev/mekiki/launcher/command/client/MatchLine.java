package dev.mekiki.launcher.command.client;

import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.Match;

/// A match as one line for people.
public final class MatchLine {
  private MatchLine() {}

  public static String of(Match match) {
    return "%-9s  code %2d  fingerprint %3d  %s  ==  %s"
        .formatted(
            match.getKind(),
            match.getCodeDistance(),
            match.getFingerprintDistance(),
            Table.visible(match.getLater().getId()),
            Table.visible(match.getEarlier().getId()));
  }
}

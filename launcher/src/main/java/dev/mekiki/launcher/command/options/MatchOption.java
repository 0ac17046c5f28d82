package dev.mekiki.launcher.command.options;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What an index counts as a match, and whether it may differ from what was counted before.
public final class MatchOption {
  @Option(
      names = "--reach",
      paramLabel = "everywhere|codes",
      description = {
        "everywhere (the default): equal or alike pictures match, whatever their codes; codes: only"
            + " if their codes are near, too. Short for --set mekiki.match.reach=..."
      })
  private @Nullable String reach;

  @Option(
      names = "--change-match-settings",
      description =
          "Start with another reach or other radii than the index was started with before; no other"
              + " index instance may run. They apply to what arrives from then on.")
  private boolean change;

  /// The configuration keys of what was given.
  public Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    if (reach != null) {
      options.put("mekiki.match.reach", reach);
    }
    if (change) {
      options.put("mekiki.match.change", "true");
    }
    return options;
  }
}

package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.encoder.record.DeadLetter.Reason;
import dev.mekiki.runtime.deadletter.DeadLetterFilter;
import dev.mekiki.runtime.deadletter.DeadLetterStatus.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which dead letters a command is about.
final class FilterOption {
  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = {
        "Those with this reason; may be given several times. One of",
        "${COMPLETION-CANDIDATES}."
      })
  private List<Reason> reasons = List.of();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = PointInTime.class,
      description = "Those from this time on: 2026-11-30, 2026-11-30T06:00:00Z, or 12h (ago).")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = PointInTime.class,
      description = "Those before this time.")
  private @Nullable Instant until;

  @Option(
      names = "--id",
      paramLabel = "PREFIX",
      description = "Those of images whose ids start with PREFIX.")
  private String idPrefix = "";

  /// Whether any of them is given.
  boolean isSet() {
    return !reasons.isEmpty() || since != null || until != null || !idPrefix.isEmpty();
  }

  DeadLetterFilter filter(Kind... kinds) {
    return new DeadLetterFilter(
        reasons.stream().map(Reason::name).collect(Collectors.toSet()),
        Optional.ofNullable(since),
        Optional.ofNullable(until),
        idPrefix,
        Set.of(kinds));
  }
}

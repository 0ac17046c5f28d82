package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.runtime.deadletter.DeadLetterEntry;
import dev.mekiki.runtime.deadletter.DeadLetterPosition;
import dev.mekiki.runtime.deadletter.DeadLetterReader;
import dev.mekiki.runtime.deadletter.DeadLetterReader.Found;
import dev.mekiki.runtime.deadletter.DeadLetterStates;
import dev.mekiki.runtime.deadletter.DeadLetterStatus.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// The dead letters that something is to be done about: named one by one, or all of a kind that
/// nothing was done about.
final class Selection {
  /// Most of a kind at one time: what is said about them is held in memory.
  static final int MAX_AT_ONCE = 10_000;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Mixin private FilterOption filter;

  @Parameters(
      paramLabel = "POSITION",
      arity = "0..*",
      description = "Partition and offset, as `mekiki dlq list` prints them.")
  private List<String> arguments = List.of();

  private Set<DeadLetterPosition> positions = Set.of();

  @Option(names = "--all", description = "All that nothing was done about.")
  private boolean all;

  @Option(
      names = "--yes",
      description = "Do it; needed with --all, --reason, --since, --until, --id.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Print what would be done, and do nothing.")
  private boolean dryRun;

  @Option(
      names = "--author",
      paramLabel = "TEXT",
      description = "Who does this: kept, and shown by `mekiki dlq show`.")
  private String author = "";

  String author() {
    return author;
  }

  boolean isDryRun() {
    return dryRun;
  }

  /// Whether they are named one by one.
  boolean isByPosition() {
    return !arguments.isEmpty();
  }

  /// Whether a person must be asked first.
  boolean isUnconfirmed() {
    return !isByPosition() && !yes && !dryRun;
  }

  /// @throws ParameterException where it is not clear which dead letters are meant, or an argument
  ///   is no position
  void check() {
    boolean byFilter = all || filter.isSet();
    if (isByPosition() == byFilter) {
      throw new ParameterException(
          spec.commandLine(),
          isByPosition()
              ? "POSITION with --all, --reason, --since, --until or --id (expected: one or the"
                  + " other)"
              : "no dead letters are named (expected: POSITION, --reason, --since, --until, --id,"
                  + " or --all)");
    }
    // Not by picocli, to which an argument that cannot be converted is merely one too many.
    try {
      positions =
          arguments.stream()
              .map(DeadLetterPosition::parse)
              .collect(Collectors.toCollection(LinkedHashSet::new));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /// The dead letters, oldest first; of a kind at most {@link #MAX_AT_ONCE}.
  ///
  /// @param known what was done about dead letters
  /// @param absent called with each position without one, and why
  List<DeadLetterEntry> entries(
      DeadLetterReader reader,
      DeadLetterStates known,
      BiConsumer<DeadLetterPosition, String> absent)
      throws InterruptedException {
    if (!isByPosition()) {
      try (LateProgress progress = new LateProgress("read")) {
        return reader.all(filter.filter(Kind.NEW), known, MAX_AT_ONCE, progress);
      }
    }
    List<DeadLetterEntry> entries = new ArrayList<>();
    for (DeadLetterPosition position : positions) {
      switch (reader.find(position)) {
        case Found.Whole whole ->
            entries.add(new DeadLetterEntry(whole.letter(), known.of(whole.letter())));
        case Found.Nothing(String why) -> absent.accept(position, why);
      }
    }
    return entries.stream().sorted(DeadLetterEntry.BY_TIME).toList();
  }
}

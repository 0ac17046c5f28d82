package dev.mekiki.launcher.command.generations;

import dev.mekiki.index.generations.GenerationIndexes;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is printed of a generation.
///
/// @param generation its id
/// @param state active, prepared or former
/// @param network the first digits of its network's id
/// @param bundle that it was read from
/// @param centers number of them
/// @param partitions number of them
/// @param members stream threads of index instances that work on it
/// @param codesLeft codes that are left to process
/// @param arrivalsLeft placements and probes that are left to process
/// @param secondsLeft until none are left, at the pace of the moment; null where it is not known
/// @param isReady whether searches may go there
/// @param fullestOverMean images in its fullest partition against the mean; null unless asked for
/// @param meanShell mean distance of a code to its center; null unless asked for
record GenerationLine(
    String generation,
    String state,
    String network,
    String bundle,
    int centers,
    int partitions,
    int members,
    long codesLeft,
    long arrivalsLeft,
    @Nullable Long secondsLeft,
    boolean isReady,
    @Nullable Double fullestOverMean,
    @Nullable Double meanShell) {
  static GenerationLine of(
      Generation generation,
      GenerationIndexes.State state,
      @Nullable Long secondsLeft,
      @Nullable Balance balance) {
    return new GenerationLine(
        generation.getId(),
        state(generation),
        Topics.shortId(generation.getNetwork()),
        generation.getBundle(),
        generation.getCentersCount(),
        generation.getPartitions(),
        state.members(),
        state.codes().left(),
        state.arrivals().left(),
        secondsLeft,
        state.notReady() == null,
        balance == null ? null : balance.fullestOverMean(),
        balance == null ? null : balance.meanShell());
  }

  private static String state(Generation generation) {
    return generation.getState() == Generation.State.RETIRED
        ? "former"
        : generation.getState().name().toLowerCase(Locale.ROOT);
  }

  /// When nothing will be left, for people.
  String shownTimeLeft() {
    if (isReady) {
      return "ready";
    }
    return secondsLeft == null ? "-" : "%d s".formatted(secondsLeft);
  }

  static String shown(String format, @Nullable Double value) {
    return value == null ? "-" : format.formatted(value);
  }
}

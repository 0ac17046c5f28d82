package dev.mekiki.launcher.command.training;

import dev.mekiki.training.stages.HashSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Whether, in how many epochs, and how much codes learn to stay where a picture is edited.
final class EditConsistency {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--no-edit-consistency",
      negatable = true,
      description = {
        "Whether codes learn to stay where a picture is edited: copies of the pictures, edited, are to",
        "have their codes (default: they do)."
      })
  private boolean on = true;

  @Option(
      names = "--steady-share",
      paramLabel = "SHARE",
      description = {
        "Share of the hash epochs, the last ones, in which codes learn so, above 0 to 1: without a",
        "backbone such an epoch takes 1.7 times as long (default: a third, or all on a backbone)."
      })
  private @Nullable Float steadyShare;

  @Option(
      names = "--consistency-weight",
      paramLabel = "WEIGHT",
      description = {
        "How much it counts in the loss that a copy keeps its picture's code, beside the class, which has",
        "a weight of 1: more holds codes stiller and tells classes apart less well (default: 2, or 1 on a",
        "backbone)."
      })
  private @Nullable Float consistencyWeight;

  /// @throws ParameterException where one option makes the other meaningless
  void check() {
    if (!on && (steadyShare != null || consistencyWeight != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "%s: with --no-edit-consistency, where no epoch has copies (expected: one of the two)"
              .formatted(steadyShare != null ? "--steady-share" : "--consistency-weight"));
    }
  }

  /// The settings with what was asked for.
  ///
  /// @throws IllegalArgumentException where a value is out of range
  HashSettings in(HashSettings settings) {
    HashSettings hash = steadyShare == null ? settings : settings.withSteadyShare(steadyShare);
    if (consistencyWeight != null) {
      hash = hash.withConsistencyWeight(consistencyWeight);
    }
    return on ? hash : hash.withoutEditConsistency();
  }

  /// As on the command line, with a space before each; nothing where nothing was asked for.
  String argument() {
    return (on ? "" : " --no-edit-consistency")
        + (steadyShare == null ? "" : " --steady-share " + steadyShare)
        + (consistencyWeight == null ? "" : " --consistency-weight " + consistencyWeight);
  }
}

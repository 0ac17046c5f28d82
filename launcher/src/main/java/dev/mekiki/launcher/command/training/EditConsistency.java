package dev.mekiki.launcher.command.training;

import dev.mekiki.training.stages.HashSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Options for edit consistency: whether, in how many epochs and with what weight the network
/// learns to give an edited copy the code of its picture.
final class EditConsistency {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--no-edit-consistency",
      negatable = true,
      description = {
        "Whether the network learns to give an edited copy the code of its picture (default: yes)."
      })
  private boolean on = true;

  @Option(
      names = {"--consistency-epoch-share", "--steady-share"},
      paramLabel = "SHARE",
      description = {
        "Share of the hash epochs, the last ones, that train this, above 0 to 1. Without a backbone such an",
        "epoch takes 1.7 times as long (default: a third, or all on a backbone). --steady-share is its old",
        "name, accepted until the next release."
      })
  private @Nullable Float consistencyEpochShare;

  @Option(
      names = "--consistency-weight",
      paramLabel = "WEIGHT",
      description = {
        "Weight in the loss of the difference between the codes of a picture and its copy; the class has a",
        "weight of 1. More makes codes of copies more alike and separates classes less (default: 2, or 1 on",
        "a backbone)."
      })
  private @Nullable Float consistencyWeight;

  /// @throws ParameterException where one option makes the other meaningless
  void check() {
    if (!on && (consistencyEpochShare != null || consistencyWeight != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "%s: with --no-edit-consistency, where no epoch has copies (expected: one of the two)"
              .formatted(
                  consistencyEpochShare != null
                      ? "--consistency-epoch-share"
                      : "--consistency-weight"));
    }
  }

  /// The settings with what was asked for.
  ///
  /// @throws IllegalArgumentException where a value is out of range
  HashSettings in(HashSettings settings) {
    HashSettings hash =
        consistencyEpochShare == null
            ? settings
            : settings.withConsistencyEpochShare(consistencyEpochShare);
    if (consistencyWeight != null) {
      hash = hash.withConsistencyWeight(consistencyWeight);
    }
    return on ? hash : hash.withoutEditConsistency();
  }

  /// As on the command line, with a space before each; nothing where nothing was asked for.
  String argument() {
    return (on ? "" : " --no-edit-consistency")
        + (consistencyEpochShare == null
            ? ""
            : " --consistency-epoch-share " + consistencyEpochShare)
        + (consistencyWeight == null ? "" : " --consistency-weight " + consistencyWeight);
  }
}

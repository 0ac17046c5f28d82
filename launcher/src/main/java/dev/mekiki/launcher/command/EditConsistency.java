package dev.mekiki.launcher.command;

import dev.mekiki.training.HashSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Whether, and in how many epochs, codes learn to stay where a picture is edited.
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

  /// @throws ParameterException where one option makes the other meaningless
  void check() {
    if (steadyShare != null && !on) {
      throw new ParameterException(
          spec.commandLine(),
          "--steady-share: with --no-edit-consistency, where no epoch has copies (expected: one of"
              + " the two)");
    }
  }

  /// The settings with what was asked for.
  ///
  /// @throws IllegalArgumentException where a value is out of range
  HashSettings in(HashSettings settings) {
    HashSettings hash = steadyShare == null ? settings : settings.withSteadyShare(steadyShare);
    return on ? hash : hash.withoutEditConsistency();
  }

  /// As on the command line, with a space before each; nothing where nothing was asked for.
  String argument() {
    return (on ? "" : " --no-edit-consistency")
        + (steadyShare == null ? "" : " --steady-share " + steadyShare);
  }
}

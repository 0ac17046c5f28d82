package dev.mekiki.launcher.command.policy;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mekiki mute`: a command for each thing that can be done about mutes.
@Command(
    name = "mute",
    description =
        "Mute images and pictures, whose matches make no events, list them, and end that.",
    subcommands = {MuteAddCommand.class, MuteListCommand.class, MuteRemoveCommand.class},
    footer = {"", "Example:", "  mekiki mute add --file placeholder.png --reason 'no photo yet'"})
public final class MuteCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}

package dev.mekiki.launcher.command.policy;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mekiki quarantine`: what flood control holds back.
@Command(
    name = "quarantine",
    description = "Show which pictures match too often and make no events for now.",
    subcommands = QuarantineListCommand.class,
    footer = {"", "Example:", "  mekiki quarantine list"})
public final class QuarantineCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}

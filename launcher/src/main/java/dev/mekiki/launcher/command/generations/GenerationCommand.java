package dev.mekiki.launcher.command.generations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mekiki generation`: a command for each thing that can be done with generations.
@Command(
    name = "generation",
    description = {
      "Build another generation beside the active one, change over to it while images flow, and back.",
      "Speaks to Kafka itself, not to a query service."
    },
    subcommands = {
      GenerationListCommand.class,
      GenerationPrepareCommand.class,
      GenerationActivateCommand.class,
      GenerationRollbackCommand.class,
      GenerationRetireCommand.class
    },
    footer = {
      "",
      "docs/operating.md goes through a change step by step.",
      "",
      "Example:",
      "  mekiki generation list"
    })
public final class GenerationCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}

package dev.mekiki.launcher.command.deadletters;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mekiki dlq`: a command for each thing that can be done about dead letters.
@Command(
    name = "dlq",
    description = {
      "List the images that could not be encoded, look at one, send it again, or hide it for good.",
      "Speaks to Kafka itself, not to a query service."
    },
    subcommands = {
      DlqListCommand.class,
      DlqShowCommand.class,
      DlqRetryCommand.class,
      DlqDropCommand.class
    },
    footer = {
      "",
      "docs/operating.md explains when to do what.",
      "",
      "Example:",
      "  mekiki dlq list"
    })
public final class DlqCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}

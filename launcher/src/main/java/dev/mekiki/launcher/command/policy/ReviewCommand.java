package dev.mekiki.launcher.command.policy;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mekiki review`: a command for each thing that can be done about verdicts.
@Command(
    name = "review",
    description = {
      "Confirm matches, or dismiss them so that the pair makes no events again; and say how"
          + " precise",
      "matching is by what people decided."
    },
    subcommands = {
      ReviewConfirmCommand.class,
      ReviewDismissCommand.class,
      ReviewWithdrawCommand.class,
      ReviewListCommand.class,
      ReviewReportCommand.class
    },
    footer = {
      "",
      "A verdict belongs to the contents of two images, not to their ids: it holds when they are"
          + " sent",
      "again, under other ids, too, or encoded by another network.",
      "",
      "Example:",
      "  mekiki review dismiss shop/4711.jpg shop/4712.jpg --note 'two items of one series'"
    })
public final class ReviewCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}

package dev.mekiki.launcher.command;

import dev.mekiki.benchmarks.BenchCommand;
import dev.mekiki.launcher.command.centers.CentersCommand;
import dev.mekiki.launcher.command.centers.SimilarityCommand;
import dev.mekiki.launcher.command.client.CompareCommand;
import dev.mekiki.launcher.command.client.DeleteCommand;
import dev.mekiki.launcher.command.client.DoctorCommand;
import dev.mekiki.launcher.command.client.GroupsCommand;
import dev.mekiki.launcher.command.client.IngestCommand;
import dev.mekiki.launcher.command.client.MatchesCommand;
import dev.mekiki.launcher.command.client.OpenCommand;
import dev.mekiki.launcher.command.client.SearchCommand;
import dev.mekiki.launcher.command.client.StatusCommand;
import dev.mekiki.launcher.command.deadletters.DlqCommand;
import dev.mekiki.launcher.command.generations.GenerationCommand;
import dev.mekiki.launcher.command.policy.MuteCommand;
import dev.mekiki.launcher.command.policy.QuarantineCommand;
import dev.mekiki.launcher.command.policy.RematchCommand;
import dev.mekiki.launcher.command.policy.ReviewCommand;
import dev.mekiki.launcher.command.policy.TenantCommand;
import dev.mekiki.launcher.command.services.BrokerCommand;
import dev.mekiki.launcher.command.services.ConfigCommand;
import dev.mekiki.launcher.command.services.DemoCommand;
import dev.mekiki.launcher.command.services.EncoderCommand;
import dev.mekiki.launcher.command.services.IndexCommand;
import dev.mekiki.launcher.command.services.QueryCommand;
import dev.mekiki.launcher.command.services.UpCommand;
import dev.mekiki.launcher.command.training.AdaptCommand;
import dev.mekiki.launcher.command.training.EvaluateCommand;
import dev.mekiki.launcher.command.training.RefineCommand;
import dev.mekiki.launcher.command.training.TrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mekiki` itself: names its subcommands and decides how failures are reported.
@Command(
    name = "mekiki",
    description =
        "Reports for every image that arrives whether it, or one like it, was seen before.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      BrokerCommand.class,
      EncoderCommand.class,
      IndexCommand.class,
      QueryCommand.class,
      IngestCommand.class,
      SearchCommand.class,
      CompareCommand.class,
      GroupsCommand.class,
      MatchesCommand.class,
      DeleteCommand.class,
      StatusCommand.class,
      OpenCommand.class,
      DoctorCommand.class,
      DlqCommand.class,
      MuteCommand.class,
      ReviewCommand.class,
      QuarantineCommand.class,
      TenantCommand.class,
      RematchCommand.class,
      TrainCommand.class,
      RefineCommand.class,
      AdaptCommand.class,
      EvaluateCommand.class,
      SimilarityCommand.class,
      CentersCommand.class,
      GenerationCommand.class,
      ConfigCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done; 1 failed, or not found; 2 wrong usage; 3 partial answer.",
      "",
      "Example:",
      "  mekiki demo"
    })
public final class MekikiCommand implements Runnable {
  @Spec private CommandSpec spec;

  private MekikiCommand() {}

  /// The command line, ready to execute.
  public static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new MekikiCommand());
    addHelp(commandLine);
    return commandLine.setUsageHelpAutoWidth(true).setExecutionExceptionHandler(new Failures());
  }

  private static void addHelp(CommandLine parent) {
    for (CommandLine subcommand : parent.getSubcommands().values()) {
      subcommand.getCommandSpec().mixinStandardHelpOptions(true);
      addHelp(subcommand);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}

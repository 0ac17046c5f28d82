package dev.mekiki.launcher.command.policy;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.client.ServerOption;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    description = "Print how far the last rematch has come.",
    footer = {"", "Example:", "  mekiki rematch status"})
final class RematchStatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Override
  public Integer call() {
    try (MekikiClient client = server.connect()) {
      new RematchReport(spec.commandLine().getOut(), json.isSet()).print(client.policy().rematch());
    }
    return ExitCode.OK;
  }
}

package dev.mekiki.launcher.command.policy;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.client.ServerOption;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.Mute;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "remove",
    description = "End mutes: pairs that are found from then on make events again.",
    footer = {"", "Example:", "  mekiki mute remove image/shop/logo.png"})
final class MuteRemoveCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "Mutes, as they are listed.")
  private List<String> ids;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (MekikiClient client = server.connect()) {
      for (String id : ids) {
        Mute mute = client.policy().deleteMute(id);
        out.println(json.isSet() ? JsonOption.of(mute) : "removed " + Table.visible(id));
        out.flush();
      }
    }
    return ExitCode.OK;
  }
}

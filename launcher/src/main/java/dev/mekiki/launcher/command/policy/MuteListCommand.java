package dev.mekiki.launcher.command.policy;

import com.google.protobuf.util.Timestamps;
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
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description = "Print what is muted, the newest first.",
    footer = {"", "Example:", "  mekiki mute list --json | jq -r .id"})
final class MuteListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Override
  public Integer call() {
    List<Mute> mutes;
    try (MekikiClient client = server.connect()) {
      mutes = client.policy().mutes();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isSet()) {
      mutes.forEach(mute -> out.println(JsonOption.of(mute)));
    } else if (mutes.isEmpty()) {
      out.println("nothing is muted");
    } else {
      Table table = new Table().row("TIME", "AUTHOR", "MUTE", "REASON");
      mutes.forEach(mute ->
          table.row(
              Timestamps.toString(mute.getTime()),
              mute.getAuthor(),
              mute.getId(),
              mute.getReason()));
      table.print(out);
    }
    out.flush();
    return ExitCode.OK;
  }
}

package dev.mekiki.launcher.command.services;

import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.GlobalOptions;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.runtime.config.Configuration;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "config",
    description = "Print the configuration that holds, and where each value came from.",
    footer = {
      "",
      "Secrets are masked. A key mekiki.match.radius is MEKIKI_MATCH_RADIUS in the environment;",
      "flags win over the environment, that over the file, that over defaults.",
      "",
      "Example:",
      "  mekiki config --config mekiki.properties --set mekiki.match.radius=6"
    })
public final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions configuration;
  @Mixin private JsonOption json;

  @Override
  public Integer call() {
    List<Configuration.Entry> entries = configuration.load().entries();
    PrintWriter out = spec.commandLine().getOut();
    if (json.isSet()) {
      entries.forEach(entry -> out.println(JsonOption.of(entry)));
      out.flush();
    } else {
      Table table = new Table().row("KEY", "VALUE", "FROM");
      entries.forEach(entry -> table.row(entry.key(), entry.value(), entry.origin()));
      table.print(out);
    }
    return ExitCode.OK;
  }
}

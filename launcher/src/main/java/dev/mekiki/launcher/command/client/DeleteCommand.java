package dev.mekiki.launcher.command.client;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "delete",
    description = "Delete images; an id that was never seen is no error.",
    footer = {"", "Example:", "  mekiki delete shop/4711.jpg shop/4712.jpg"})
public final class DeleteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "Image ids.")
  private List<String> ids;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (MekikiClient client = server.connect()) {
      for (String id : ids) {
        SourceCoordinate source = client.delete(id);
        out.println(
            json.isSet()
                ? JsonOption.of(new Deleted(id, source.getPartition(), source.getOffset()))
                : "deleted " + Table.visible(id));
        out.flush();
      }
    }
    return ExitCode.OK;
  }

  private record Deleted(String id, int partition, long offset) {}
}

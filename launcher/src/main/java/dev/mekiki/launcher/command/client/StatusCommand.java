package dev.mekiki.launcher.command.client;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.Status;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    description = "Print the active generation, the index instances and how many images they hold.",
    footer = {
      "",
      "Ends with 3 where partitions have no active instance. With a token that is bound to a"
          + " tenant,",
      "images and instances are not shown: they are of all tenants.",
      "",
      "Example:",
      "  mekiki status --json"
    })
public final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Override
  public Integer call() {
    Status status;
    try (MekikiClient client = server.connect()) {
      status = client.status();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isSet()) {
      out.println(JsonOption.of(status));
      out.flush();
    } else {
      print(status, out);
    }
    return status.getMissingPartitionsCount() == 0 ? ExitCode.OK : ExitCode.PARTIAL;
  }

  private static void print(Status status, PrintWriter out) {
    Table table =
        new Table()
            .row("version", status.getVersion())
            .row("generation", status.getGeneration())
            .row("network", status.getNetwork())
            .row("codes", "%d bits, %d centers".formatted(status.getBits(), status.getCenters()))
            .row("partitions", status.getPartitions());
    if (status.hasTenant()) {
      table.row("tenant", status.getTenant());
    } else {
      table
          .row("images", status.getImages())
          .row("fullest partition", "%.2f x the mean".formatted(status.getFullestOverMean()))
          .row("partitions probed", "%.2f for each image".formatted(status.getProbesPerImage()));
    }
    for (IndexInstance instance : status.getInstancesList()) {
      table.row(
          "index " + instance.getAddress(),
          "active %s, standby %s"
              .formatted(instance.getActivePartitionsList(), instance.getStandbyPartitionsList()));
    }
    if (status.getMissingPartitionsCount() > 0) {
      table.row("missing partitions", status.getMissingPartitionsList());
    }
    table.print(out);
  }
}

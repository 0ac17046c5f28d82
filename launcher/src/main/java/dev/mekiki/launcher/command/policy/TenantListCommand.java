package dev.mekiki.launcher.command.policy;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.client.ServerOption;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.TenantSettings;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description = "Print the thresholds of the tenants that have some of their own.",
    footer = {"", "Example:", "  mekiki tenant list"})
final class TenantListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Override
  public Integer call() {
    List<TenantSettings> tenants;
    try (MekikiClient client = server.connect()) {
      tenants = client.policy().tenants();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isSet()) {
      tenants.forEach(tenant -> out.println(JsonOption.of(tenant)));
    } else if (tenants.isEmpty()) {
      out.println("no tenant has thresholds of its own");
    } else {
      Table table = new Table().row("TENANT", "FINGERPRINT RADIUS", "AUTHOR", "TIME");
      tenants.forEach(tenant ->
          table.row(
              tenant.getTenant().isEmpty() ? "(default)" : tenant.getTenant(),
              tenant.hasFingerprintRadius() ? tenant.getFingerprintRadius() : "-",
              tenant.getAuthor(),
              Timestamps.toString(tenant.getTime())));
      table.print(out);
    }
    out.flush();
    return ExitCode.OK;
  }
}

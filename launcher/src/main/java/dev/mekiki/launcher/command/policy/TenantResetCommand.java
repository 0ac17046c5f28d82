package dev.mekiki.launcher.command.policy;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "reset",
    description = "Let the thresholds of the generation hold for a tenant again.",
    footer = {"", "Example:", "  mekiki tenant reset shop"})
final class TenantResetCommand implements Callable<Integer> {
  @Mixin private TenantThresholds tenant;

  @Override
  public Integer call() {
    return tenant.change(null);
  }
}

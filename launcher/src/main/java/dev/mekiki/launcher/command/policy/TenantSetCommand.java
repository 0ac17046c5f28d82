package dev.mekiki.launcher.command.policy;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "set",
    description = "Set the thresholds of a tenant, within those of the generation.",
    footer = {"", "Example:", "  mekiki tenant set shop --fingerprint-radius 16"})
final class TenantSetCommand implements Callable<Integer> {
  @Mixin private TenantThresholds tenant;

  @Option(
      names = "--fingerprint-radius",
      paramLabel = "N",
      required = true,
      description = "Largest fingerprint distance of DUPLICATE.")
  private int fingerprintRadius;

  @Override
  public Integer call() {
    return tenant.change(fingerprintRadius);
  }
}

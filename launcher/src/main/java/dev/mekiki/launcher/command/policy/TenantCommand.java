package dev.mekiki.launcher.command.policy;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mekiki tenant`: thresholds of tenants.
@Command(
    name = "tenant",
    description = "Set thresholds of a tenant, within those of the generation, and list them.",
    subcommands = {TenantListCommand.class, TenantSetCommand.class, TenantResetCommand.class},
    footer = {"", "Example:", "  mekiki tenant set shop --fingerprint-radius 16"})
public final class TenantCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}

package dev.mekiki.launcher.command.policy;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.client.ServerOption;
import dev.mekiki.launcher.command.options.AuthorOption;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.TenantSettings;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// A tenant whose thresholds are changed.
final class TenantThresholds {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Mixin private ServerOption server;
  @Mixin private JsonOption json;
  @Mixin private AuthorOption author;

  @Parameters(paramLabel = "NAME", description = "A tenant; '' for the default one.")
  private String name;

  /// Sends the thresholds and prints what came of it.
  ///
  /// @param fingerprintRadius null for that of the generation
  int change(@Nullable Integer fingerprintRadius) {
    TenantSettings.Builder settings =
        TenantSettings.newBuilder().setTenant(name).setAuthor(author.name());
    if (fingerprintRadius != null) {
      settings.setFingerprintRadius(fingerprintRadius);
    }
    TenantSettings tenant;
    try (MekikiClient client = server.connect()) {
      tenant = client.policy().put(settings.build());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        json.isSet()
            ? JsonOption.of(tenant)
            : "tenant '%s': fingerprint radius %s"
                .formatted(
                    Table.visible(name),
                    fingerprintRadius == null ? "of the generation" : fingerprintRadius));
    out.flush();
    return ExitCode.OK;
  }
}

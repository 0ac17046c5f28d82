package dev.mekiki.launcher.command.client;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.GlobalOptions;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.KafkaOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.launcher.doctor.Doctor;
import dev.mekiki.launcher.doctor.Finding;
import dev.mekiki.launcher.doctor.Finding.Level;
import dev.mekiki.launcher.process.Logs;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "doctor",
    description = "Look whether Kafka, the services and this machine are as they should be.",
    footer = {
      "",
      "Looks at the broker and its version, topics and their settings, clocks, the query service, memory,",
      "open files, and the disk and the page cache under the state of the index. Each finding is OK, WARN",
      "or FAIL, and comes with what to do. Changes nothing. Ends with 1 where anything is FAIL.",
      "",
      "Examples:",
      "  mekiki doctor",
      "  mekiki doctor --bootstrap kafka:9092 --server https://mekiki.example --json"
    })
public final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions configuration;
  @Mixin private KafkaOption kafka;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    Logs.toConsole();
    List<Finding> findings;
    try (MekikiClient client = server.connect()) {
      findings =
          Doctor.findings(configuration.with(kafka.options()).load(Map.of(), Map.of()), client);
    }
    PrintWriter out = spec.commandLine().getOut();
    for (Finding finding : findings) {
      if (json.isSet()) {
        out.println(JsonOption.of(finding));
      } else {
        print(finding, out);
      }
    }
    out.flush();
    return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL)
        ? ExitCode.FAILED
        : ExitCode.OK;
  }

  private void print(Finding finding, PrintWriter out) {
    out.printf(
        "%s  %-10s  %s%n",
        coloured(finding.level()), finding.check(), Table.visible(finding.message()));
    if (!finding.remedy().isEmpty()) {
      out.printf("%18s%s%n", "-> ", Table.visible(finding.remedy()));
    }
  }

  /// In colour on a terminal alone, unless the environment has NO_COLOR.
  private String coloured(Level level) {
    String style =
        switch (level) {
          case OK -> "green";
          case WARN -> "yellow";
          case FAIL -> "bold,red";
        };
    Ansi ansi = spec.commandLine().getColorScheme().ansi();
    return ansi.string("@|%s %-4s|@".formatted(style, level));
  }
}

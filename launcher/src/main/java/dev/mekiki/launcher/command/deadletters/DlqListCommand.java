package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.runtime.deadletter.DeadLetterReader;
import dev.mekiki.runtime.deadletter.DeadLetterStatus.Kind;
import dev.mekiki.schemas.text.BoundedText;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description = "Print the newest dead letters that nothing was done about, newest last.",
    footer = {
      "",
      "Ends with 1 where there is none.",
      "",
      "Examples:",
      "  mekiki dlq list --since 24h",
      "  mekiki dlq list --reason UNDECODABLE --reason UNKNOWN_FORMAT --id shop/ --json"
    })
final class DlqListCommand implements Callable<Integer> {
  private static final int MAX_LIMIT = 10_000;

  @Spec private CommandSpec spec;
  @Mixin private Installation installation;
  @Mixin private FilterOption filter;
  @Mixin private JsonOption json;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The newest N, 1 to " + MAX_LIMIT + " (default: ${DEFAULT-VALUE}).")
  private int limit = 100;

  @Option(names = "--all", description = "Those that were retried or dropped, too.")
  private boolean all;

  @Override
  public Integer call() throws Exception {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new ParameterException(
          spec.commandLine(), "--limit: %d (expected: 1..%d)".formatted(limit, MAX_LIMIT));
    }
    Kind[] kinds = all ? Kind.values() : new Kind[] {Kind.NEW};
    return installation.run(opened -> {
      List<DeadLetterLine> lines;
      try (DeadLetterReader reader = opened.reader();
          LateProgress progress = new LateProgress("read")) {
        lines =
            reader.newest(filter.filter(kinds), reader.states(), limit, progress).stream()
                .map(entry -> DeadLetterLine.of(entry, opened.topics()))
                .toList();
      }
      print(lines);
      return lines.isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    });
  }

  private void print(List<DeadLetterLine> lines) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (json.isSet()) {
      lines.forEach(line -> out.println(JsonOption.of(line)));
      out.flush();
    } else if (!lines.isEmpty()) {
      Table table =
          new Table().row("POSITION", "TIME", "REASON", "STATE", "BYTES", "ID", "MESSAGE");
      for (DeadLetterLine line : lines) {
        table.row(
            line.position(),
            line.time(),
            line.reason().isEmpty() ? "-" : line.reason(),
            line.shownState(),
            line.shownBytes(),
            line.shownId(),
            BoundedText.quote(line.shownMessage()));
      }
      table.print(out);
    }
    if (lines.isEmpty()) {
      err.println("mekiki: no dead letters of this kind");
    } else if (lines.size() == limit) {
      err.printf("mekiki: there may be older ones (--limit: %d)%n", limit);
    }
    err.flush();
  }
}

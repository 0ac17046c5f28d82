package dev.mekiki.launcher.command.policy;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.client.ServerOption;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.Verdict;
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
    description = "Print verdicts, the newest first.",
    footer = {
      "",
      "Images are those that were judged; the verdict holds for all of the same bytes.",
      "",
      "Examples:",
      "  mekiki review list",
      "  mekiki review list --limit 1000000 --json | jq -r 'select(.decision == \"DISMISSED\").id'"
    })
final class ReviewListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Most verdicts (default: ${DEFAULT-VALUE}).")
  private int limit = 100;

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit: %d (expected: at least 1)".formatted(limit));
    }
    List<Verdict> verdicts;
    try (MekikiClient client = server.connect()) {
      verdicts = client.policy().verdicts(limit);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isSet()) {
      verdicts.forEach(verdict -> out.println(JsonOption.of(verdict)));
    } else if (verdicts.isEmpty()) {
      out.println("nothing was judged");
    } else {
      Table table =
          new Table().row("TIME", "AUTHOR", "DECISION", "KIND", "FINGERPRINT", "A", "B", "NOTE");
      verdicts.forEach(verdict ->
          table.row(
              Timestamps.toString(verdict.getTime()),
              verdict.getAuthor(),
              verdict.getDecision(),
              VerdictLine.kind(verdict),
              verdict.hasFingerprintDistance() ? verdict.getFingerprintDistance() : "-",
              verdict.getImageA(),
              verdict.getImageB(),
              verdict.getNote()));
      table.print(out);
    }
    out.flush();
    return ExitCode.OK;
  }
}

package dev.mekiki.launcher.command.policy;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.client.ServerOption;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.schemas.v1.DeleteVerdictRequest;
import dev.mekiki.schemas.v1.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "withdraw",
    description = "Withdraw a verdict: the pair is as if nobody had judged it.",
    footer = {
      "",
      "Where an image is gone, by the verdict's id, which `mekiki review list --json` prints.",
      "",
      "Examples:",
      "  mekiki review withdraw shop/4711.jpg shop/4712.jpg",
      "  mekiki review withdraw 03ac67...-9f86d0..."
    })
final class ReviewWithdrawCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Parameters(
      paramLabel = "A B|ID",
      arity = "1..2",
      description = "Two indexed images, or the id of a verdict.")
  private List<String> names;

  @Override
  public Integer call() {
    DeleteVerdictRequest.Builder request = DeleteVerdictRequest.newBuilder();
    if (names.size() == 1) {
      request.setId(names.getFirst());
    } else {
      request.setA(names.getFirst()).setB(names.getLast());
    }
    Verdict verdict;
    try (MekikiClient client = server.connect()) {
      verdict = client.policy().delete(request.build());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(json.isSet() ? JsonOption.of(verdict) : "withdrawn " + VerdictLine.of(verdict));
    out.flush();
    return ExitCode.OK;
  }
}

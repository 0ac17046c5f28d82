package dev.mekiki.launcher.command.client;

import dev.mekiki.client.MatchStream;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "matches",
    description = "Print the matches found so far, or those found from now on.",
    footer = {
      "",
      "Ends with 1 where there is no match yet; with --follow it runs until Ctrl-C.",
      "",
      "Examples:",
      "  mekiki matches",
      "  mekiki matches --follow --json | jq .later.id"
    })
public final class MatchesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Option(names = "--follow", description = "Print matches as they are found, until Ctrl-C.")
  private boolean follow;

  @Option(
      names = "--from-beginning",
      description = "With --follow: begin with all matches that the topic still holds.")
  private boolean fromBeginning;

  @Override
  public Integer call() {
    StreamMatchesRequest request =
        StreamMatchesRequest.newBuilder()
            .setFromBeginning(fromBeginning || !follow)
            .setEndAtPresent(!follow)
            .build();
    PrintWriter out = spec.commandLine().getOut();
    boolean any = false;
    try (MekikiClient client = server.connect();
        MatchStream matches = client.matches(request)) {
      while (matches.hasNext()) {
        Match match = matches.next();
        out.println(json.isSet() ? JsonOption.of(match) : MatchLine.of(match));
        out.flush();
        any = true;
      }
    }
    return any ? ExitCode.OK : ExitCode.FAILED;
  }
}

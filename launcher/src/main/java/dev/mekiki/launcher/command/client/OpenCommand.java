package dev.mekiki.launcher.command.client;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.client.ProblemException;
import dev.mekiki.launcher.command.options.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "open",
    description = "Open the page of a running Mekiki in the browser of this desktop.",
    footer = {
      "",
      "Prints the address, and nothing more where there is no desktop. The page asks for a token itself.",
      "",
      "Examples:",
      "  mekiki open",
      "  mekiki open --server https://mekiki.example"
    })
public final class OpenCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;

  @Option(names = "--print", description = "Print the address alone.")
  private boolean print;

  @Override
  public Integer call() throws IOException {
    try (MekikiClient client = server.connect()) {
      var _ = client.session();
    } catch (ProblemException e) {
      // Somebody answers, and the page can say the rest.
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(server.url());
    out.flush();
    if (!print) {
      Desktop.ofThisProcess().open(server.url());
    }
    return ExitCode.OK;
  }
}

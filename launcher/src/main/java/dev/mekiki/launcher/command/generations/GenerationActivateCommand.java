package dev.mekiki.launcher.command.generations;

import dev.mekiki.launcher.command.options.AuthorOption;
import dev.mekiki.launcher.command.options.JsonOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "activate",
    description = {
      "Make a generation the active one. Searches go there, and it reports the pairs of images that",
      "arrive from then on. The one before goes on beside it, so that there is a way back."
    },
    footer = {
      "",
      "Refuses a generation whose index does not run, or has more than 1,000 records left to process.",
      "",
      "Example:",
      "  mekiki generation activate 3f2a99c0"
    })
final class GenerationActivateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KafkaInstallation installation;
  @Mixin private JsonOption json;
  @Mixin private AuthorOption author;

  @Parameters(
      paramLabel = "GENERATION",
      description = "Its id, or the first digits of it; see `mekiki generation list`.")
  private String id;

  @Option(
      names = "--force",
      description = "Also where it is not ready: searches find less, until it is.")
  private boolean force;

  @Override
  public Integer call() throws Exception {
    return installation.run(opened ->
        Activation.run(opened, opened.registry().find(id), author.name(), force, spec, json));
  }
}

package dev.mekiki.launcher.command.generations;

import dev.mekiki.launcher.command.options.AuthorOption;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.runtime.StartException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "rollback",
    description = "Make the generation active again that was so before the last change.",
    footer = {"", "Example:", "  mekiki generation rollback"})
final class GenerationRollbackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KafkaInstallation installation;
  @Mixin private JsonOption json;
  @Mixin private AuthorOption author;

  @Option(
      names = "--force",
      description = "Also where it is not ready: searches find less, until it is.")
  private boolean force;

  @Override
  public Integer call() throws Exception {
    return installation.run(opened ->
        Activation.run(
            opened,
            opened
                .registry()
                .read()
                .previous()
                .orElseThrow(() ->
                    new StartException(
                        "there is no way back: no generation was active before by `mekiki generation"
                            + " activate`, or it was retired (expected: one that is kept; see"
                            + " `mekiki generation list`)")),
            author.name(),
            force,
            spec,
            json));
  }
}

package dev.mekiki.launcher.command.generations;

import dev.mekiki.index.generations.GenerationIndexes;
import dev.mekiki.launcher.command.generations.KafkaInstallation.Opened;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.runtime.generation.Generations;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Cut;
import dev.mekiki.schemas.v1.Generation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Makes a generation active, if it is ready. Stateless.
final class Activation {
  private Activation() {}

  /// What was done.
  ///
  /// @param cut the number of the cut; 0 where the generation was active already
  record Result(String generation, String previous, int cut) {}

  /// Makes a generation active, and prints how to go back.
  ///
  /// @param author who says so
  /// @param force whether it need not be ready
  /// @return the exit code
  static int run(
      Opened opened,
      Generation generation,
      String author,
      boolean force,
      CommandSpec spec,
      JsonOption json) {
    Generations known = opened.registry().read();
    String id = generation.getId();
    if (known.isActive(id)) {
      json.print(
          new Result(id, "", 0),
          (_, output) -> output.println("%s is active already".formatted(Topics.shortId(id))));
      return ExitCode.OK;
    }
    if (!force) {
      try (GenerationIndexes indexes = opened.indexes()) {
        @Nullable String reason = indexes.state(known, generation).notReady();
        if (reason != null) {
          spec.commandLine()
              .getErr()
              .printf(
                  "mekiki: generation %s is not ready: %s (expected: one that is; wait, or --force)%n",
                  Topics.shortId(id), reason);
          spec.commandLine().getErr().flush();
          return ExitCode.FAILED;
        }
      }
    }
    Cut cut = opened.changes().activate(id, author);
    json.print(
        new Result(id, cut.getPrevious(), cut.getNumber()),
        (result, output) -> {
          output.println(
              "%s is active, in place of %s"
                  .formatted(Topics.shortId(id), Topics.shortId(result.previous())));
          output.println("Go back:  mekiki generation rollback");
        });
    return ExitCode.OK;
  }
}

package dev.mekiki.launcher.command.generations;

import dev.mekiki.index.generations.GenerationIndexes;
import dev.mekiki.launcher.command.generations.KafkaInstallation.Opened;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.Generations;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "retire",
    description = {
      "Remove a generation that is not active: its topics, its consumer group, and its state.",
      "There is no way back to it but to prepare it again."
    },
    footer = {
      "",
      "Refuses the active generation, and one that has not processed all images yet, because it may",
      "still have pairs to report. Index instances give the generation up; that is waited for.",
      "",
      "Example:",
      "  mekiki generation retire 3f2a99c0 --yes"
    })
final class GenerationRetireCommand implements Callable<Integer> {
  /// For instances to stop by themselves, once the generation is no longer kept.
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  /// For instances to process what is there.
  private static final Duration REPORT_LIMIT = Duration.ofSeconds(60);

  @Spec private CommandSpec spec;
  @Mixin private KafkaInstallation installation;
  @Mixin private JsonOption json;

  @Parameters(
      paramLabel = "GENERATION",
      description = "Its id, or the first digits of it; see `mekiki generation list`.")
  private String id;

  @Option(names = "--yes", description = "Do it; without it, it is said what would be removed.")
  private boolean confirmed;

  @Option(
      names = "--force",
      description = "Also where images are left to process: their pairs may never be reported.")
  private boolean force;

  /// What was removed.
  record Result(String generation, List<String> topics) {}

  @Override
  public Integer call() throws Exception {
    return installation.run(this::retire);
  }

  private int retire(Opened opened) throws InterruptedException {
    Generation generation = opened.registry().find(id);
    String shortId = Topics.shortId(generation.getId());
    Generations known = opened.registry().read();
    if (known.isActive(generation.getId())) {
      return refuse("generation %s is active (expected: another one)".formatted(shortId));
    }
    try (GenerationIndexes indexes = opened.indexes()) {
      if (!confirmed) {
        return refuse(
            "generation %s, its topics and its state would be removed (expected: --yes)"
                .formatted(shortId));
      }
      if (generation.getState() == Generation.State.RETIRED && !force) {
        @Nullable String topic = indexes.awaitReported(known, generation, REPORT_LIMIT);
        if (topic != null) {
          return refuse(
              ("generation %s has not processed %s up to now, and may have pairs to report (expected:"
                      + " index instances and encoders that work for it; start some, or --force)")
                  .formatted(shortId, topic));
        }
      }
      opened.changes().end(generation.getId());
      awaitGivenUp(indexes, known, generation, shortId);
      List<String> topics = List.copyOf(indexes.remove(opened.registry().read(), generation));
      opened.changes().forget(generation.getId());
      json.print(
          new Result(generation.getId(), topics),
          (result, output) -> {
            output.println("retired %s".formatted(shortId));
            result.topics().forEach(topic -> output.println("  removed " + topic));
          });
    }
    return ExitCode.OK;
  }

  private void awaitGivenUp(
      GenerationIndexes indexes, Generations known, Generation generation, String shortId)
      throws InterruptedException {
    SortedSet<String> serving = indexes.hosts(known, generation);
    if (!serving.isEmpty()) {
      say(
          "index instances give up generation %s; waiting for those at %s"
              .formatted(shortId, serving));
    }
    SortedSet<String> left = indexes.awaitStopped(known, generation, STOP_LIMIT);
    if (!left.isEmpty()) {
      throw new StartException(
          ("generation %s is marked as ending, but after %d s index instances at %s still serve it"
                  + " (expected: instances that give it up within seconds; stop those of earlier"
                  + " versions and those that hang, then retire it once more)")
              .formatted(shortId, STOP_LIMIT.toSeconds(), left));
    }
  }

  private int refuse(String reason) {
    say(reason);
    return ExitCode.FAILED;
  }

  private void say(String text) {
    spec.commandLine().getErr().println("mekiki: " + text);
    spec.commandLine().getErr().flush();
  }
}

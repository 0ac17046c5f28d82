package dev.mekiki.launcher.command.generations;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.generations.GenerationIndexes;
import dev.mekiki.launcher.command.generations.KafkaInstallation.Opened;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.generation.Generations;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description = "Print the generations that are kept, and how far the index of each has come.",
    footer = {
      "",
      "Where work is left, it is looked at for two seconds to estimate the time left. FULLEST is the",
      "number of images in the fullest partition against the mean, SHELL the mean distance of a code",
      "to its center.",
      "",
      "Examples:",
      "  mekiki generation list",
      "  mekiki generation list --balance --json"
    })
final class GenerationListCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 2_000;

  @Spec private CommandSpec spec;
  @Mixin private KafkaInstallation installation;
  @Mixin private JsonOption json;

  @Option(
      names = "--balance",
      description = "Read all codes, too, and say how each generation divides the images.")
  private boolean balance;

  @Override
  public Integer call() throws Exception {
    return installation.run(opened -> {
      List<GenerationLine> lines = lines(opened);
      print(lines);
      return lines.isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    });
  }

  private List<GenerationLine> lines(Opened opened) throws InterruptedException {
    Generations known = opened.registry().read();
    Map<String, GenerationIndexes.State> first = new HashMap<>();
    Map<String, GenerationIndexes.State> second = new HashMap<>();
    long start = System.nanoTime();
    try (GenerationIndexes indexes = opened.indexes()) {
      states(indexes, known, first);
      if (first.values().stream().anyMatch(state -> state.notReady() != null)) {
        Thread.sleep(LOOK_MILLIS);
        states(indexes, known, second);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Map<String, HashCode>> codes = new HashMap<>();
    List<GenerationLine> lines = new ArrayList<>();
    for (Generation generation : known.byId().values()) {
      GenerationIndexes.State before = Objects.requireNonNull(first.get(generation.getId()));
      GenerationIndexes.State now = second.getOrDefault(generation.getId(), before);
      lines.add(
          GenerationLine.of(
              generation,
              now,
              secondsLeft(before, now, seconds),
              balance ? balance(opened, generation, codes) : null));
    }
    return lines;
  }

  private static void states(
      GenerationIndexes indexes, Generations known, Map<String, GenerationIndexes.State> states) {
    for (Generation generation : known.byId().values()) {
      states.put(generation.getId(), indexes.state(known, generation));
    }
  }

  /// Until nothing is left, if it goes on as between two looks.
  static @Nullable Long secondsLeft(
      GenerationIndexes.State before, GenerationIndexes.State now, double seconds) {
    if (now.left() == 0) {
      return 0L;
    }
    double perSecond = (before.left() - now.left()) / seconds;
    return perSecond <= 0 ? null : (long) Math.ceil(now.left() / perSecond);
  }

  private static Balance balance(
      Opened opened, Generation generation, Map<String, Map<String, HashCode>> codes) {
    return Balance.of(
        GenerationGeometry.of(generation).routing(),
        codes.computeIfAbsent(generation.getNetwork(), network -> CodesById.read(opened, network)));
  }

  private void print(List<GenerationLine> lines) {
    PrintWriter out = spec.commandLine().getOut();
    if (json.isSet()) {
      lines.forEach(line -> out.println(JsonOption.of(line)));
    } else if (lines.isEmpty()) {
      spec.commandLine().getErr().println("mekiki: no generation yet");
    } else {
      Table table =
          new Table()
              .row(
                  "GENERATION",
                  "STATE",
                  "NETWORK",
                  "CENTERS",
                  "PARTITIONS",
                  "INSTANCES",
                  "CODES LEFT",
                  "PLACEMENTS LEFT",
                  "TIME LEFT",
                  "FULLEST",
                  "SHELL");
      for (GenerationLine line : lines) {
        table.row(
            Topics.shortId(line.generation()),
            line.state(),
            line.network(),
            line.centers(),
            line.partitions(),
            line.members() == 0 ? "none" : "run",
            line.codesLeft(),
            line.arrivalsLeft(),
            line.shownTimeLeft(),
            GenerationLine.shown("%.2f", line.fullestOverMean()),
            GenerationLine.shown("%.1f", line.meanShell()));
      }
      table.print(out);
    }
    out.flush();
  }
}

package dev.mekiki.benchmarks;

import dev.mekiki.benchmarks.duplicates.DuplicatesCommand;
import dev.mekiki.benchmarks.landmarks.LandmarksCommand;
import dev.mekiki.benchmarks.match.MatchCommand;
import dev.mekiki.benchmarks.open.OpenCommand;
import dev.mekiki.benchmarks.pipeline.FloodCommand;
import dev.mekiki.benchmarks.pipeline.GroupsCommand;
import dev.mekiki.benchmarks.pipeline.PipelineCommand;
import dev.mekiki.benchmarks.quality.QualityCommand;
import dev.mekiki.benchmarks.scale.ScaleCommand;
import dev.mekiki.benchmarks.search.SearchCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mekiki bench`: a command for each measurement.
@Command(
    name = "bench",
    description = {
      "Measure search, match detection, the path through Kafka, floods, groups, opening a store,"
          + " scaling out,",
      "how many edited copies are found, what looking them up costs, and what kinds of hash centers are"
          + " worth."
    },
    subcommands = {
      SearchCommand.class,
      MatchCommand.class,
      PipelineCommand.class,
      FloodCommand.class,
      GroupsCommand.class,
      OpenCommand.class,
      ScaleCommand.class,
      DuplicatesCommand.class,
      LandmarksCommand.class,
      QualityCommand.class
    },
    footer = {
      "",
      "docs/performance.md explains each number. Nothing else should run at the same time.",
      "",
      "Example:",
      "  mekiki bench search --codes 1000000 --json"
    })
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}

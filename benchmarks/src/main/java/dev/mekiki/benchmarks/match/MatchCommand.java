package dev.mekiki.benchmarks.match;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "match",
    description = "Measure match detection on arrivals, on one thread, without Kafka and RocksDB.",
    footer = {
      "",
      "Several sizes print one result each; --plot draws the cost over the size.",
      "",
      "Examples:",
      "  mekiki bench match --indexed 1000000 --json",
      "  mekiki bench match --indexed 1000000 --distribution uniform --partitions 64",
      "  mekiki bench match --indexed 1000000 --reach codes",
      "  mekiki bench match --indexed 250000,1000000,4000000,16000000 --plot growth.svg"
    })
public final class MatchCommand implements Callable<Integer> {
  @Mixin private DataOptions data;
  @Mixin private MatchOptions matching;
  @Mixin private Output output;

  @Option(
      names = {"--indexed", "--codes"},
      paramLabel = "N",
      split = ",",
      description =
          "Images indexed first; several sizes, separated by commas, run one by one"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Integer> indexed = List.of(1_000_000);

  @Option(
      names = "--arrivals",
      paramLabel = "M",
      description = "Images that arrive after that (default: ${DEFAULT-VALUE}).")
  private int arrivals = 100_000;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw the cost of an arrival over the number indexed, as SVG.")
  private @Nullable Path plot;

  @Override
  public Integer call() throws IOException {
    data.checkRadius(matching.radius);
    matching.check();
    for (int size : indexed) {
      if (size < 1 || arrivals < 1) {
        throw new StartException(
            "--indexed, --arrivals: %d, %d (expected: at least 1)".formatted(size, arrivals));
      }
    }
    List<MatchReport> reports = new ArrayList<>();
    for (int size : indexed) {
      output.phase("drawing %,d codes".formatted(size));
      CodeData loaded = data.load(size, arrivals);
      MatchReport report = new MatchMeasurement(loaded, data, matching, output).run();
      output.print(report);
      reports.add(report);
    }
    if (plot != null) {
      Files.writeString(plot, GrowthPlot.of(reports));
      output.phase("written: " + plot);
    }
    return 0;
  }
}

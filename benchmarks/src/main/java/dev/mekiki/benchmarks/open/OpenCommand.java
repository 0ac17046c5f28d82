package dev.mekiki.benchmarks.open;

import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.report.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "open",
    description = "Measure restoring a partition from its topic, and opening it from disk.",
    footer = {"", "Example:", "  mekiki bench open --codes 1000000 --json"})
public final class OpenCommand implements Callable<Integer> {
  @Mixin private DataOptions data;
  @Mixin private Output output;

  @Option(
      names = "--codes",
      paramLabel = "N",
      description = "Images in the partition (default: ${DEFAULT-VALUE}).")
  private int codes = 1_000_000;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where broker and store keep their files meanwhile (default: the system's"
              + " directory for temporary files).")
  private @Nullable Path directory;

  @Override
  public Integer call() throws IOException {
    output.phase("drawing %,d codes".formatted(codes));
    output.print(new OpenMeasurement(data.load(codes, 1), data, output, directory).run());
    return 0;
  }
}

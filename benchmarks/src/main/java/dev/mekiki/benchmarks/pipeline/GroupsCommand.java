package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "groups",
    description = "Measure how fast a large group is listed, and two indexed images compared.",
    footer = {"", "Example:", "  mekiki bench groups --copies 100000 --json"})
public final class GroupsCommand implements Callable<Integer> {
  @Mixin private DataOptions data;
  @Mixin private PipelineSettings settings;
  @Mixin private Output output;

  @Option(
      names = "--copies",
      paramLabel = "N",
      description =
          "Copies of one picture; as many different ones are sent before (default:"
              + " ${DEFAULT-VALUE}).")
  private int copies = 100_000;

  @Override
  public Integer call() throws IOException, InterruptedException {
    settings.check();
    if (copies < 1) {
      throw new StartException("--copies: %d (expected: at least 1)".formatted(copies));
    }
    output.print(new GroupsMeasurement(data, settings, output, copies).run());
    return 0;
  }
}

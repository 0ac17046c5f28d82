package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.report.Output;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "groups",
    description = "Measure how fast a large group is listed, and two indexed images compared.",
    footer = {"", "Example:", "  mekiki bench groups --copies 100000 --json"})
public final class GroupsCommand implements Callable<Integer> {
  @Mixin private DataOptions data;
  @Mixin private PipelineSettings settings;
  @Mixin private CopiesOption copies;
  @Mixin private Output output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    settings.check();
    output.print(new GroupsMeasurement(data, settings, output, copies.checked()).run());
    return 0;
  }
}

package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "pipeline",
    description =
        "Measure the exactly-once path through Kafka, with the broker in the same process.",
    footer = {
      "",
      "Examples:",
      "  mekiki bench pipeline --codes 20000 --seconds 1",
      "  mekiki bench pipeline --codes 1000000 --commit-interval 20 --json",
      "  mekiki bench pipeline --images pictures --json"
    })
public final class PipelineCommand implements Callable<Integer> {
  @Mixin private DataOptions data;
  @Mixin private PipelineSettings settings;
  @Mixin private Output output;

  @ArgGroup(multiplicity = "1")
  private Input input;

  @Option(
      names = "--count",
      paramLabel = "N",
      description =
          "Images sent at full speed, of --images, each picture as often as needed"
              + " (default: ${DEFAULT-VALUE}).")
  private int count = 1000;

  private static final class Input {
    @Option(
        names = "--codes",
        paramLabel = "N",
        required = true,
        description = "Send N generated codes, without an encoder.")
    private @Nullable Integer codes;

    @Option(
        names = "--images",
        paramLabel = "DIR",
        required = true,
        description = "Send the pictures of a directory through the encoder.")
    private @Nullable Path images;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    settings.check();
    data.checkRadius(settings.radius());
    Integer codes = input.codes;
    Path images = input.images;
    if (codes != null) {
      if (codes < 1) {
        throw new StartException("--codes: %d (expected: at least 1)".formatted(codes));
      }
      output.print(new CodesMeasurement(data, settings, output, codes).run());
    } else if (images != null) {
      if (count < 1) {
        throw new StartException("--count: %d (expected: at least 1)".formatted(count));
      }
      output.print(new ImagesMeasurement(settings, output, Pictures.read(images), count).run());
    }
    return 0;
  }
}

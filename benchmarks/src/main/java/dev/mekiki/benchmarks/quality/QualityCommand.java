package dev.mekiki.benchmarks.quality;

import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.training.Cifar100;
import dev.mekiki.training.FrozenBackbone;
import dev.mekiki.training.LabelledImages;
import dev.mekiki.training.RetrievalMethod;
import dev.mekiki.training.RetrievalProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "quality",
    description = "Measure retrieval by codes of each kind of center, on CIFAR-100.",
    footer = {
      "",
      "10,000 pictures to learn from, 5,000 queries, 45,000 in the database, by a seeded split.",
      "",
      "Example:",
      "  mekiki bench quality --data cifar-100 --backbone mobilenet.pt --out quality"
    })
public final class QualityCommand implements Callable<Integer> {
  private static final int TRAINING_PER_CLASS = 100;
  private static final int QUERIES_PER_CLASS = 50;

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "The directory with train.bin and test.bin, or these with .gz.")
  private Path data;

  @Option(
      names = "--backbone",
      paramLabel = "FILE",
      required = true,
      description = "TorchScript that turns pictures into features.")
  private Path backbone;

  @Option(
      names = "--side",
      paramLabel = "PIXELS",
      description = "What pictures are enlarged to for it (default: ${DEFAULT-VALUE}).")
  private int side = 96;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where features are kept (default: ${DEFAULT-VALUE}).")
  private Path cache = Path.of("features");

  @Option(
      names = "--bits",
      paramLabel = "Q",
      split = ",",
      description = "Bits of the codes (default: 16,32,64).")
  private List<Integer> bits = List.of(16, 32, 64);

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Measure with the seeds 1 to N (default: ${DEFAULT-VALUE}).")
  private int seeds = 3;

  @Option(
      names = "--split-seed",
      paramLabel = "N",
      description = "Seed of the split (default: ${DEFAULT-VALUE}).")
  private long splitSeed = 1;

  @Option(
      names = "--methods",
      paramLabel = "NAME",
      split = ",",
      description = "Of ${COMPLETION-CANDIDATES} (default: all).")
  private List<RetrievalMethod> methods = List.of(RetrievalMethod.values());

  @Option(
      names = "--label-noise",
      paramLabel = "SHARE",
      split = ",",
      description = "Shares of the training pictures to label wrongly, 0 to 1 (default: 0).")
  private List<Float> labelNoise = List.of(0f);

  @Option(
      names = "--label-doubt",
      paramLabel = "SHARE",
      split = ",",
      description = "Shares of each label spread over similar classes, 0 to below 1 (default: 0).")
  private List<Float> labelDoubt = List.of(0f);

  @Option(
      names = "--validation",
      description = "Measure with the training pictures alone: to choose settings by.")
  private boolean validation;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write quality.json and quality.md there.")
  private @Nullable Path directory;

  @Override
  public Integer call() throws IOException {
    if (seeds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--seeds: %d (expected: at least 1)".formatted(seeds));
    }
    RetrievalProtocol.Plan plan;
    try {
      plan =
          new RetrievalProtocol.Plan(
              methods,
              bits,
              LongStream.rangeClosed(1, seeds).boxed().toList(),
              labelNoise,
              labelDoubt);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    LabelledImages.Split split = Cifar100.read(data);
    output.phase("features of %s at %d pixels".formatted(backbone.getFileName(), side));
    RetrievalProtocol protocol =
        RetrievalProtocol.of(
            new FrozenBackbone(backbone, side, cache),
            split.training().with(split.test()),
            TRAINING_PER_CLASS,
            QUERIES_PER_CLASS,
            splitSeed,
            (done, total) -> {
              if (done % 5_000 == 0) {
                output.phase("features of %,d of %,d pictures".formatted(done, total));
              }
            });
    if (validation) {
      protocol = protocol.validating();
    }
    output.phase("training pictures, queries, database: " + protocol.sizes());
    List<RetrievalProtocol.Result> results =
        protocol.run(
            plan,
            result ->
                output.phase(
                    "%s, %d bits, seed %d: %.4f, nearest center %.4f, in %.0f s"
                        .formatted(
                            QualityReport.name(
                                result.method(), result.labelNoise(), result.labelDoubt()),
                            result.bits(),
                            result.seed(),
                            result.mapAtAll(),
                            result.nearestCenterAccuracy(),
                            result.seconds())));
    QualityReport report = QualityReport.of(splitSeed, validation, results);
    if (directory != null) {
      report.write(directory);
    }
    output.print(report);
    return 0;
  }
}

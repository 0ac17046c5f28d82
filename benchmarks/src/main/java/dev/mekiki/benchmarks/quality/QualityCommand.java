package dev.mekiki.benchmarks.quality;

import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.training.backbone.FineTuningSettings;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.data.Cifar100;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.tables.SimilarityFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
      "10,000 pictures to learn from, 5,000 queries, 45,000 in the database, by a seeded split. Measured",
      "by the 100 classes, and by the 20 superclasses.",
      "",
      "Example:",
      "  mekiki bench quality --data cifar-100 --backbone mobilenet.pt --out quality",
      "  mekiki bench quality --data cifar-100 --backbone mobilenet.pt --methods shc-annealed,csq,crh \\",
      "      --similarity hierarchy.csv --weight 0.5,1"
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
      names = "--device",
      paramLabel = "DEVICE",
      description = {
        "Where the backbone runs: auto (a GPU if there is one, else the CPU), cpu or gpu:N",
        "(default: ${DEFAULT-VALUE})."
      })
  private String device = "auto";

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
      names = "--similarity",
      paramLabel = "FILE",
      split = ",",
      description = {
        "Tables of similarities (CSV) that methods which follow the similarity of classes are measured",
        "with, too, each mixed with the classifier's."
      })
  private List<Path> similarities = List.of();

  @Option(
      names = "--weight",
      paramLabel = "SHARE",
      split = ",",
      description = "Weights of each such table, 0 to 1, the table alone (default: 1).")
  private List<Float> weights = List.of(1f);

  @Option(
      names = "--label-noise",
      paramLabel = "SHARE",
      split = ",",
      description = "Shares of the training pictures to label wrongly, 0 to 1 (default: 0).")
  private List<Float> labelNoise = List.of(0f);

  @Option(
      names = {"--label-smoothing", "--label-doubt"},
      paramLabel = "SHARE",
      split = ",",
      description = "Shares of each label spread over similar classes, 0 to below 1 (default: 0).")
  private List<Float> labelSmoothing = List.of(0f);

  @Option(
      names = "--validation",
      description = "Measure with the training pictures alone: to choose settings by.")
  private boolean validation;

  @Option(
      names = "--fine-tune",
      description = {
        "Train the backbone too, for each method, number of bits and seed: hours on a CPU.",
        "Its normalisation must be folded into its weights."
      })
  private boolean fineTune;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Passes over the training pictures, with --fine-tune (default: ${DEFAULT-VALUE}).")
  private int epochs = 8;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "Largest learning rate of the layers, with --fine-tune (default: ${DEFAULT-VALUE}).")
  private float rate = 0.05f;

  @Option(
      names = "--backbone-rate",
      paramLabel = "RATE",
      description = "And that of the backbone (default: ${DEFAULT-VALUE}).")
  private float backboneRate = 0.01f;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description = "With --fine-tune: write a checkpoint of each training there after each epoch.")
  private @Nullable Path checkpoints;

  @Option(
      names = "--resume",
      description = "Go on from the checkpoints of the same trainings, if there are any.")
  private boolean resume;

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
              labelSmoothing,
              meanings());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    if (!fineTune && (checkpoints != null || resume)) {
      throw new ParameterException(
          spec.commandLine(),
          "--checkpoints and --resume: given (expected: with --fine-tune only)");
    }
    if (checkpoints != null && methods.stream().anyMatch(RetrievalMethod::reassigns)) {
      throw new ParameterException(
          spec.commandLine(),
          "--checkpoints: with crh or crh-centers, whose centers are not in a checkpoint"
              + " (expected: without it, or --methods without them)");
    }
    FineTuningSettings tuning;
    try {
      tuning = new FineTuningSettings(epochs, rate, backboneRate);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--fine-tune: " + e.getMessage(), e);
    }
    TrainingDevice trainingDevice;
    try {
      trainingDevice = TrainingDevice.named(device);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    LabelledImages.Split split = Cifar100.read(data);
    output.phase("features of %s at %d pixels".formatted(backbone.getFileName(), side));
    FrozenBackbone frozen = new FrozenBackbone(backbone, side, cache, trainingDevice);
    RetrievalProtocol protocol =
        RetrievalProtocol.of(
                frozen,
                split.training().with(split.test()),
                TRAINING_PER_CLASS,
                QUERIES_PER_CLASS,
                splitSeed,
                (done, total) -> {
                  if (done % 5_000 == 0) {
                    output.phase("features of %,d of %,d pictures".formatted(done, total));
                  }
                })
            .withSuperclasses(Cifar100.superclasses());
    if (validation) {
      protocol = protocol.validating();
    }
    if (fineTune) {
      protocol =
          protocol.fineTuned(
              frozen,
              tuning,
              checkpoints,
              resume,
              new Progress(),
              (done, total) -> {
                if (done % 5_000 == 0) {
                  output.phase("codes of %,d of %,d pictures".formatted(done, total));
                }
              });
    }
    output.phase("training pictures, queries, database: " + protocol.sizes());
    List<RetrievalProtocol.Result> results =
        protocol.run(
            plan,
            result ->
                output.phase(
                    "%s, %d bits, seed %d: %.4f, superclasses %.4f, nearest center %.4f, in %.0f s"
                        .formatted(
                            QualityReport.name(
                                result.method(),
                                result.similarity(),
                                result.weight(),
                                result.labelNoise(),
                                result.labelSmoothing()),
                            result.bits(),
                            result.seed(),
                            result.mapAtAll(),
                            result.superclassMapAtAll(),
                            result.nearestCenterAccuracy(),
                            result.seconds())));
    QualityReport report = QualityReport.of(splitSeed, validation, results);
    if (directory != null) {
      report.write(directory);
    }
    output.print(report);
    return 0;
  }

  private List<Meaning> meanings() throws IOException {
    List<Meaning> meanings = new ArrayList<>(List.of(Meaning.CLASSIFIER));
    for (Path file : similarities) {
      ClassSimilarity table = SimilarityFile.read(file);
      if (table.classes() != Cifar100.superclasses().length) {
        throw new ParameterException(
            spec.commandLine(),
            "--similarity: %s has %d classes (expected: %d)"
                .formatted(file, table.classes(), Cifar100.superclasses().length));
      }
      String name = String.valueOf(file.getFileName()).replaceFirst("\\.csv$", "");
      weights.forEach(weight -> meanings.add(new Meaning(name, table, weight)));
    }
    return meanings;
  }

  /// Reports every hundredth step, and every epoch.
  private final class Progress implements TrainingListener {
    private long start;
    private int firstStep;
    private String stage = "";

    @Override
    public void stepDone(TrainingListener.Progress progress, float loss) {
      if (!stage.equals(progress.stage())) {
        stage = progress.stage();
        start = System.nanoTime();
        firstStep = progress.step() - 1;
      }
      if (progress.step() % 100 == 0) {
        output.phase(
            "%s: step %,d of %,d, loss %.4f, %d min left"
                .formatted(stage, progress.step(), progress.steps(), loss, minutesLeft(progress)));
      }
    }

    @Override
    public void epochDone(TrainingListener.Progress progress, double loss) {
      output.phase(
          "%s: epoch %d of %d, mean loss %.4f, %d min left"
              .formatted(
                  progress.stage(),
                  progress.epoch(),
                  progress.epochs(),
                  loss,
                  minutesLeft(progress)));
    }

    private long minutesLeft(TrainingListener.Progress progress) {
      return Duration.ofNanos(System.nanoTime() - start)
          .multipliedBy(progress.steps() - progress.step())
          .dividedBy(progress.step() - firstStep)
          .toMinutes();
    }
  }
}

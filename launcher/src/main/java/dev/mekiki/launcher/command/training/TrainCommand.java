package dev.mekiki.launcher.command.training;

import dev.mekiki.centers.solve.CenterSolver;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.runtime.StartException;
import dev.mekiki.training.LabelNoise;
import dev.mekiki.training.TrainingJob;
import dev.mekiki.training.backbone.FineTuningSettings;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingLog;
import dev.mekiki.training.report.TrainingReport;
import dev.mekiki.training.stages.SimilaritySource;
import dev.mekiki.training.stages.TrainingSettings;
import dev.mekiki.training.tables.SimilarityFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "train",
    description = "Train a network, measure it, and write its bundles.",
    footer = {
      "",
      "Three stages: a classifier of the images; hash centers, as near to each other as the classifier",
      "finds their classes alike; and, for each number of bits, a network that gives images codes near",
      "their class's center. A checkpoint after each epoch lets --resume go on from there.",
      "The images are those of CIFAR-100 in its binary form (train.bin and test.bin, gzipped or not),",
      "or your own: a directory with one directory of pictures for each class, of which a tenth is",
      "held out to measure with.",
      "With --backbone FILE.pt a network of yours is used as it is: TorchScript that takes",
      "(n, 3, side, side) floats, red, green and blue from -1 to 1, and gives (n, features). Layers on",
      "its features are trained, and the bundle holds both. What it says of the images, and of an",
      "edited copy of each, is computed once and kept beside the checkpoints. With --fine-tune the",
      "network learns, too, for each number of bits.",
      "To encode with the bundle: --set mekiki.encoder.bundle=FILE, and --reindex where another",
      "network was at work before.",
      "",
      "Example:",
      "  mekiki train --data cifar-100 --bits 32,64 --out my.mekiki",
      "  mekiki train --images pictures-by-class --out my.mekiki --report my.html --resume",
      "  mekiki train --images pictures-by-class --out my.mekiki --backbone mobilenet.pt --side 96",
      "  mekiki train --images pictures-by-class --backbone mobilenet.pt --fine-tune 5",
      "  mekiki train --images pictures-by-class --report my.html --label-noise 0.1,0.2,0.4"
    })
public final class TrainCommand implements Callable<Integer> {
  private static final String MISTAKES = "mistakes";
  private static final String FEATURES = "features";
  private static final String SMALL = "small";
  private static final int DEFAULT_SIDE = 96;

  @Spec private CommandSpec spec;
  @Mixin private JsonOption json;
  @Mixin private ReportFiles reportFiles;
  @Mixin private ViewsOption views;
  @Mixin private DeviceOption device;
  @Mixin private EditConsistency editConsistency;
  @Mixin private CheckpointOptions checkpoints;

  @ArgGroup(multiplicity = "1")
  private LabelledSource source;

  @Option(
      names = "--backbone",
      paramLabel = "NETWORK",
      description = {
        "small: a residual network of 32 pixels, from scratch; or a TorchScript file, FILE.pt, whose",
        "features are used as they are, or learn with --fine-tune (default: ${DEFAULT-VALUE})."
      })
  private String backbone = SMALL;

  @Option(
      names = "--side",
      paramLabel = "PIXELS",
      description =
          "Side of the squares that a backbone reads, 8 to 1024 (default: " + DEFAULT_SIDE + ").")
  private @Nullable Integer side;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = {
        "The bundle to write (default: ${DEFAULT-VALUE}).",
        "Of several, each has its number of bits in its name: trained-32.mekiki."
      })
  private Path out = Path.of("trained.mekiki");

  @Option(
      names = "--bits",
      paramLabel = "Q",
      split = ",",
      description = "Bits of the hash codes, one bundle each (default: 64).")
  private List<Integer> bits = List.of(64);

  @Option(
      names = "--similarity",
      paramLabel = "SOURCE",
      description = {
        "Where the similarity of classes comes from, which centers follow: mistakes of the classifier,",
        "features of the classes' pictures, or a CSV file as 'centers' reads it, the classes in the",
        "order of their names, or of their numbers in CIFAR-100 (default: ${DEFAULT-VALUE})."
      })
  private String similarity = MISTAKES;

  @Option(
      names = "--solver",
      paramLabel = "NAME",
      description = "What finds the centers: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private CenterSolver solver = CenterSolver.ANNEALED;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Passes over the training images for the classifier (default: 16, or 10 on a backbone).")
  private @Nullable Integer epochs;

  @Option(
      names = "--hash-epochs",
      paramLabel = "N",
      description = "Passes for each number of bits after it (default: 30, or 20 on a backbone).")
  private @Nullable Integer hashEpochs;

  @Option(
      names = "--fine-tune",
      paramLabel = "N",
      description = {
        "Passes for each number of bits after these in which the backbone learns, too, if the file",
        "allows it: it has parameters, and does the same in training as in use (default: 0)."
      })
  private int fineTune;

  @Option(
      names = {"--label-smoothing", "--label-doubt"},
      paramLabel = "SHARE",
      description = {
        "Share of each label that is spread over the classes most similar to its own, 0 to below 1",
        "(default: ${DEFAULT-VALUE}). --label-doubt is its old name, accepted until the next release."
      })
  private float labelSmoothing;

  @Option(
      names = "--label-noise",
      paramLabel = "SHARE",
      split = ",",
      description = {
        "To measure what wrong labels cost: train again for each share of the training images, above 0 to",
        "1, that gets the label of another class, with the first number of bits and one seed, and",
        "measure against the right labels. As long as the training each time; no bundles."
      })
  private List<Float> labelNoise = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of centers, weights, order and augmentation (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "Seeds, from --seed on, with which centers and codes are trained, to show how much is"
              + " chance; the bundles are those of the first (default: ${DEFAULT-VALUE}).")
  private int seeds = 1;

  @Override
  public Integer call() throws IOException {
    Logs.toConsole();
    checkOptions();
    // Errors of the network are reported before any picture is read.
    TrainingDevice trainingDevice = device.device("training");
    FrozenBackbone frozen = frozenBackbone(trainingDevice);
    TrainingSettings settings = settings(frozen);
    LabelledImages.Split images = source.read(settings.classifier().preprocessing(), seed);
    String command = commandLine(settings, frozen);
    PrintWriter people = json.people();
    reportFiles.createDirectories();
    TrainingJob job;
    try {
      job = new TrainingJob(images, settings, trainingDevice, frozen, labelNoise);
    } catch (IllegalArgumentException e) {
      throw new StartException("training: " + e.getMessage(), e);
    }
    TrainingJob.Outcome outcome;
    TrainingLog log;
    try (TrainingProgress progress = new TrainingProgress("train", people)) {
      log = new TrainingLog(progress, System::nanoTime);
      outcome = job.run(out, command, checkpoints.directory(out), checkpoints.isResume(), log);
    }
    if (reportFiles.any()) {
      TrainingReport report =
          new TrainingReport(
              outcome.result(),
              images,
              outcome.labelNoise(),
              log,
              command,
              (stage, done, total) -> {});
      reportFiles.write(report::html, report::markdown);
    }
    json.print(Results.of(outcome), TrainCommand::print);
    return ExitCode.OK;
  }

  private void checkOptions() {
    if (views.isSet() && !backbone.equals(SMALL)) {
      throw new ParameterException(
          spec.commandLine(), "--views: with a backbone (expected: with --backbone small only)");
    }
    if (fineTune != 0 && backbone.equals(SMALL)) {
      throw new ParameterException(
          spec.commandLine(),
          "--fine-tune: without a backbone (expected: with --backbone FILE.pt)");
    }
    editConsistency.check();
    try {
      LabelNoise.check(labelNoise);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private TrainingSettings settings(@Nullable FrozenBackbone frozen) throws IOException {
    try {
      TrainingSettings defaults = defaults(frozen);
      return new TrainingSettings(
          defaults.bits(),
          defaults.classifier(),
          similarity(defaults.similarity()),
          solver,
          editConsistency.in(defaults.hash().withLabelSmoothing(labelSmoothing)),
          views.or(defaults.views()),
          seeds,
          fineTune == 0 ? null : new FineTuningSettings(fineTune));
    } catch (IllegalArgumentException e) {
      throw new StartException("training: " + e.getMessage(), e);
    }
  }

  private String commandLine(TrainingSettings settings, @Nullable FrozenBackbone frozen) {
    return "mekiki train %s%s --bits %s --similarity %s --solver %s --epochs %d --hash-epochs %d%s --seed %d%s%s%s%s%s"
        .formatted(
            source.argument(),
            frozen == null
                ? ""
                : " --backbone %s --side %d"
                    .formatted(backbone, frozen.preprocessing().inputSize()),
            withCommas(bits),
            similarity,
            solver,
            settings.classifier().schedule().epochs(),
            settings.hash().schedule().epochs(),
            fineTune == 0 ? "" : " --fine-tune " + fineTune,
            seed,
            seeds == 1 ? "" : " --seeds " + seeds,
            editConsistency.argument(),
            labelSmoothing == 0 ? "" : " --label-smoothing " + labelSmoothing,
            labelNoise.isEmpty() ? "" : " --label-noise " + withCommas(labelNoise),
            views.argument());
  }

  private static String withCommas(List<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static void print(Results results, PrintWriter output) {
    for (Trained trained : results.results()) {
      Table table =
          new Table()
              .row("bundle", trained.bundle())
              .row("network", trained.network())
              .row("bits", trained.bits())
              .row("bytes", trained.bytes());
      trained.metrics().forEach((metric, value) -> table.row(metric, "%.4f".formatted(value)));
      table.print(output);
    }
    if (!results.labelNoise().isEmpty()) {
      Table noise = new Table().row("labels wrong", "MAP@ALL", "nearest center", "classifier");
      for (LabelNoise.Measured one : results.labelNoise()) {
        noise.row(
            "%.0f %%".formatted(100 * one.share()),
            "%.4f".formatted(one.mapAtAll()),
            "%.4f".formatted(one.nearestCenterAccuracy()),
            "%.4f".formatted(one.classifierAccuracy()));
      }
      output.println();
      noise.print(output);
    }
  }

  /// Null where the network is one from scratch.
  private @Nullable FrozenBackbone frozenBackbone(TrainingDevice trainingDevice) {
    if (backbone.equals(SMALL)) {
      if (side != null) {
        throw new ParameterException(
            spec.commandLine(),
            "--side: %d (expected: none with --backbone %s, which reads 32 pixels)"
                .formatted(side, SMALL));
      }
      return null;
    }
    Path file = Path.of(backbone);
    if (!Files.isRegularFile(file)) {
      throw new StartException(
          "training: --backbone %s: no such file (expected: %s, or a TorchScript file)"
              .formatted(backbone, SMALL));
    }
    try {
      return new FrozenBackbone(
          file, side == null ? DEFAULT_SIDE : side, checkpoints.directory(out), trainingDevice);
    } catch (IllegalArgumentException e) {
      throw new StartException("training: " + e.getMessage(), e);
    }
  }

  private TrainingSettings defaults(@Nullable FrozenBackbone frozen) {
    try {
      return TrainingSettings.of(bits, frozen, epochs, hashEpochs, seed);
    } catch (IOException e) {
      throw new StartException("training: " + e.getMessage(), e);
    }
  }

  private SimilaritySource similarity(SimilaritySource mistakes) throws IOException {
    return switch (similarity) {
      case MISTAKES -> mistakes;
      case FEATURES -> new SimilaritySource.MeanFeatures();
      default -> {
        Path file = Path.of(similarity);
        if (!Files.exists(file)) {
          throw new ParameterException(
              spec.commandLine(),
              "--similarity: '%s' (expected: %s, %s, or an existing CSV file)"
                  .formatted(similarity, MISTAKES, FEATURES));
        }
        yield new SimilaritySource.Table(similarity, SimilarityFile.read(file));
      }
    };
  }

  /// @param labelNoise empty where none was asked for
  private record Results(List<Trained> results, List<LabelNoise.Measured> labelNoise) {
    static Results of(TrainingJob.Outcome outcome) throws IOException {
      List<Trained> trained = new ArrayList<>();
      for (TrainingJob.Written written : outcome.written()) {
        trained.add(Trained.of(written));
      }
      return new Results(trained, outcome.labelNoise());
    }
  }

  private record Trained(
      String bundle, String network, int bits, long bytes, Map<String, Double> metrics) {
    static Trained of(TrainingJob.Written written) throws IOException {
      Bundle bundle = written.bundle();
      return new Trained(
          written.file().toString(),
          bundle.networkId(),
          bundle.manifest().bits(),
          Files.size(written.file()),
          bundle.manifest().training().metrics());
    }
  }
}

package dev.mekiki.launcher.command.training;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.launcher.command.options.BundleArgument;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.runtime.StartException;
import dev.mekiki.training.Refinement;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.stages.HashSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "refine",
    description = "Train a bundle's network further, toward the centers that it has.",
    footer = {
      "",
      "For a training that was too short, or for more images of the same classes: neither a classifier",
      "nor centers are made anew, and the rate rises and falls once more. Each class of the images must",
      "have a center of its name; 'centers add' makes one for a new class. Of your own images a tenth is",
      "held out to measure with: the same as in the training before, where they are the same images.",
      "A checkpoint after each epoch lets --resume go on from there.",
      "The network is a new one: to index with it, mekiki generation prepare FILE.",
      "",
      "Examples:",
      "  mekiki refine my.mekiki --images pictures-by-class --epochs 10 --out longer.mekiki",
      "  mekiki refine built-in --data cifar-100 --epochs 24 --out longer.mekiki --resume"
    })
public final class RefineCommand implements Callable<Integer> {
  @Mixin private BundleArgument named;
  @Mixin private JsonOption json;
  @Mixin private DeviceOption device;
  @Mixin private EditConsistency editConsistency;
  @Mixin private CheckpointOptions checkpoints;

  @ArgGroup(multiplicity = "1")
  private LabelledSource source;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training images (default: ${DEFAULT-VALUE}).")
  private int epochs = 10;

  @Option(
      names = "--peak-rate",
      paramLabel = "RATE",
      description = {
        "Largest learning rate: a higher one forgets more of what was learnt and finds more that is new",
        "(default: 0.02; 'train' has 0.05)."
      })
  private @Nullable Float peakRate;

  @Option(
      names = "--bits-weight",
      paramLabel = "WEIGHT",
      description = {
        "How much the center's bits count in the loss beside the class, which has a weight of 1, as both",
        "have in 'train': more draws codes nearer to their centers (default: 8)."
      })
  private @Nullable Float bitsWeight;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of order and augmentation (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The bundle to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("refined.mekiki");

  @Override
  public Integer call() throws IOException {
    Logs.toConsole();
    editConsistency.check();
    Bundle bundle = named.read();
    PrintWriter people = json.people();
    Refinement refinement = refinement(bundle, device.device("refine"));
    Bundle refined;
    try (TrainingProgress progress = new TrainingProgress("refine", people)) {
      refined =
          refinement.run(
              out.getFileName().toString(),
              commandLine(),
              checkpoints.directory(out),
              checkpoints.isResume(),
              progress);
    }
    refined.write(out);
    json.print(
        new Result(
            out.toString(),
            refined.networkId(),
            bundle.networkId(),
            refined.manifest().bits(),
            Files.size(out),
            bundle.manifest().training().metrics(),
            refined.manifest().training().metrics()),
        RefineCommand::print);
    return ExitCode.OK;
  }

  private Refinement refinement(Bundle bundle, TrainingDevice trainingDevice) throws IOException {
    try {
      Preprocessing preprocessing = Refinement.preprocessing(bundle);
      HashSettings settings = HashSettings.refining(epochs, preprocessing.colour());
      if (peakRate != null) {
        settings = settings.withPeakRate(peakRate);
      }
      if (bitsWeight != null) {
        settings = settings.withBitsWeight(bitsWeight);
      }
      // Held out by the seed of the training before: what that one learnt from is not measured
      // with.
      LabelledImages.Split images = source.read(preprocessing, bundle.manifest().training().seed());
      return new Refinement(
          bundle,
          images.training(),
          images.test(),
          editConsistency.in(settings),
          seed,
          trainingDevice);
    } catch (IllegalArgumentException e) {
      throw new StartException("refine: " + e.getMessage(), e);
    }
  }

  private String commandLine() {
    return "mekiki refine %s %s --epochs %d%s%s%s --seed %d"
        .formatted(
            named.argument(),
            source.argument(),
            epochs,
            peakRate == null ? "" : " --peak-rate " + peakRate,
            bitsWeight == null ? "" : " --bits-weight " + bitsWeight,
            editConsistency.argument(),
            seed);
  }

  private static void print(Result result, PrintWriter output) {
    Table table =
        new Table()
            .row("bundle", result.bundle())
            .row("network", result.network())
            .row("refined from", result.from())
            .row("bits", result.bits())
            .row("bytes", result.bytes());
    result
        .after()
        .forEach((metric, value) -> {
          Double before = result.before().get(metric);
          table.row(
              metric,
              before == null || before.equals(value)
                  ? "%.4f".formatted(value)
                  : "%.4f, before %.4f".formatted(value, before));
        });
    table.print(output);
  }

  /// What was done.
  ///
  /// @param before metrics in the manifest of the bundle refined: of its own images
  /// @param after and in that of the new one
  private record Result(
      String bundle,
      String network,
      String from,
      int bits,
      long bytes,
      Map<String, Double> before,
      Map<String, Double> after) {}
}

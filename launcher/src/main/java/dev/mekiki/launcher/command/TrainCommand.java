package dev.mekiki.launcher.command;

import static java.util.Objects.requireNonNull;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.BundleException;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.runtime.StartException;
import dev.mekiki.training.Cifar100;
import dev.mekiki.training.ImageFolder;
import dev.mekiki.training.LabelledImages;
import dev.mekiki.training.TrainingListener;
import dev.mekiki.training.TrainingRun;
import dev.mekiki.training.TrainingSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "train",
    description = "Train a network from scratch, measure it, and write its bundle.",
    footer = {
      "",
      "The images are those of CIFAR-100 in its binary form (train.bin and test.bin, gzipped or not),",
      "or your own: a directory with one directory of pictures for each class, of which a tenth is",
      "held out to measure with.",
      "To encode with the bundle: --set mekiki.encoder.bundle=FILE, and --reindex where another",
      "network was at work before.",
      "",
      "Example:",
      "  mekiki train --data cifar-100 --epochs 15 --out my.mekiki",
      "  mekiki train --images pictures-by-class --out my.mekiki"
    })
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private JsonOption json;

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The bundle to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("trained.mekiki");

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training images (default: ${DEFAULT-VALUE}).")
  private int epochs = 15;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of centers, weights, order and augmentation (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Override
  public Integer call() throws IOException, BundleException {
    Logs.toConsole();
    TrainingSettings settings;
    try {
      settings = TrainingSettings.defaults(epochs, seed);
    } catch (IllegalArgumentException e) {
      throw new StartException("training: " + e.getMessage(), e);
    }
    LabelledImages.Split images = source.read(settings.preprocessing().inputSize(), seed);
    String command =
        "mekiki train %s --epochs %d --seed %d".formatted(source.argument(), epochs, seed);
    PrintWriter people = json.isSet() ? spec.commandLine().getErr() : spec.commandLine().getOut();
    Bundle bundle;
    try (Progress progress = new Progress(people)) {
      bundle =
          new TrainingRun(images.training(), images.test(), settings)
              .run(out.getFileName().toString(), command, progress);
    }
    bundle.write(out);
    Trained trained =
        new Trained(
            out.toString(),
            bundle.networkId(),
            Files.size(out),
            bundle.manifest().training().metrics());
    if (json.isSet()) {
      PrintWriter output = spec.commandLine().getOut();
      output.println(JsonOption.of(trained));
      output.flush();
    } else {
      Table table =
          new Table()
              .row("bundle", trained.bundle())
              .row("network", trained.network())
              .row("bytes", trained.bytes());
      trained.metrics().forEach((metric, value) -> table.row(metric, "%.4f".formatted(value)));
      table.print(people);
    }
    return ExitCode.OK;
  }

  /// Where the labelled images come from.
  private static final class Source {
    /// Of a user's own pictures, what is measured with rather than learnt from.
    private static final double TEST_SHARE = 0.1;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        required = true,
        description = "CIFAR-100: the directory with train.bin and test.bin, or these with .gz.")
    private @Nullable Path data;

    @Option(
        names = "--images",
        paramLabel = "DIR",
        required = true,
        description = "Your own: a directory with one directory of pictures for each class.")
    private @Nullable Path images;

    LabelledImages.Split read(int side, long seed) throws IOException {
      Path directory = directory();
      if (!Files.isDirectory(directory)) {
        throw new StartException(
            "%s: no such directory (expected: %s)"
                .formatted(
                    argument(),
                    images == null
                        ? "one with train.bin and test.bin"
                        : "one with a directory of pictures for each class"));
      }
      return images == null
          ? Cifar100.read(directory)
          : ImageFolder.read(directory, side).split(TEST_SHARE, seed);
    }

    /// As on the command line.
    String argument() {
      return "%s %s".formatted(images == null ? "--data" : "--images", directory());
    }

    private Path directory() {
      return requireNonNull(images == null ? data : images, "one of --data and --images");
    }
  }

  private record Trained(String bundle, String network, long bytes, Map<String, Double> metrics) {}

  private static final class Progress implements TrainingListener, AutoCloseable {
    private final PrintWriter out;
    private final ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("train")
            .setStyle(ProgressBarStyle.ASCII)
            .setUnit(" steps", 1)
            .showSpeed()
            .setUpdateIntervalMillis(1_000)
            .build();

    Progress(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void stepDone(TrainingListener.Progress progress, float loss) {
      bar.maxHint(progress.steps())
          .stepTo(progress.step())
          .setExtraMessage("loss %.3f".formatted(loss));
    }

    @Override
    public void epochDone(TrainingListener.Progress progress, double loss) {
      out.printf("epoch %d of %d: mean loss %.4f%n", progress.epoch(), progress.epochs(), loss);
      out.flush();
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}

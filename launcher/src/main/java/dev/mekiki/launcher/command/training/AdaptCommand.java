package dev.mekiki.launcher.command.training;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.launcher.command.centers.CenterSource;
import dev.mekiki.launcher.command.options.BundleArgument;
import dev.mekiki.launcher.command.options.Directories;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.launcher.images.ImageFiles;
import dev.mekiki.launcher.images.LeftOutReport;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.runtime.StartException;
import dev.mekiki.training.adaptation.Adaptation;
import dev.mekiki.training.adaptation.AdaptationSettings;
import dev.mekiki.training.data.Cifar100;
import dev.mekiki.training.data.UnlabelledImages;
import dev.mekiki.training.evaluation.Evaluation.Edits;
import dev.mekiki.training.evaluation.Evaluation.Moved;
import dev.mekiki.training.evaluation.EvaluationRun;
import dev.mekiki.training.evaluation.PictureFile;
import dev.mekiki.training.loop.TrainingDevice;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "adapt",
    description = "Steady a bundle's codes for your images: edited copies keep their code.",
    footer = {
      "",
      "For images unlike those that the network was trained on, whose codes any edit turns over. No",
      "labels are needed: the images and edited copies of them learn the codes that they had. Other",
      "images' codes move too, unless --keep shows some that they are like; name the pictures of the",
      "training, where you have them. Centers stay.",
      "A fifth of the images is not learnt from: on them is shown how far codes move when a picture is",
      "edited, before and after.",
      "The network is a new one: to index with it, mekiki generation prepare FILE.",
      "",
      "Examples:",
      "  mekiki adapt built-in --images ~/Pictures --out mine.mekiki",
      "  mekiki adapt my.mekiki --images stream/ --keep cifar-100/ --views whole,trimmed-6,trimmed-12"
    })
public final class AdaptCommand implements Callable<Integer> {
  /// One image in so many is held out to measure with.
  private static final int HELD_OUT = 5;

  /// Images in memory, some 25 or 75 kB each.
  private static final int MAX_IMAGES = 20_000;

  /// As many as the edits of an evaluation are shown of.
  private static final int MAX_MEASURED = 1_000;

  @Mixin private BundleArgument named;
  @Mixin private JsonOption json;
  @Mixin private ViewsOption views;
  @Mixin private DeviceOption device;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      required = true,
      description = {
        "Images like those to come: a directory, and those below it. Of more than 20,000, that many are",
        "drawn by the seed."
      })
  private Path images;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = {
        "Images whose codes are to stay: a directory, and those below it; or CIFAR-100, the directory",
        "with train.bin, or this with .gz."
      })
  private @Nullable Path keep;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of the training (default: ${DEFAULT-VALUE}).")
  private int steps = 1_200;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of all that is left to chance (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The bundle to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("adapted.mekiki");

  @Override
  public Integer call() throws IOException {
    Logs.toConsole();
    Bundle bundle = named.read();
    AdaptationSettings settings;
    int side;
    try {
      settings = AdaptationSettings.defaults(steps, seed);
      side = Adaptation.side(bundle);
    } catch (IllegalArgumentException e) {
      throw new StartException("adapt: " + e.getMessage(), e);
    }
    TrainingDevice trainingDevice = device.device("adapt");
    List<Path> files = files("--images", images);
    if (files.size() < HELD_OUT) {
      throw new StartException(
          "--images: '%s' has %d images (expected: at least %d JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC)"
              .formatted(images, files.size(), HELD_OUT));
    }
    int held = files.size() / HELD_OUT;
    List<PictureFile> heldOut =
        files.subList(0, Math.min(held, MAX_MEASURED)).stream()
            .map(file -> PictureFile.of(images, file))
            .toList();
    List<Path> learnt =
        files.subList(held, Math.min(files.size(), Math.addExact(held, MAX_IMAGES)));
    UnlabelledImages kept = keep == null ? null : kept(keep, bundle, side);
    UnlabelledImages read = read("images", images, learnt, bundle, side);
    PrintWriter people = json.people();
    Edits before = measured(bundle, heldOut);
    Bundle adapted;
    try (TrainingProgress progress = new TrainingProgress("adapt", people)) {
      adapted =
          new Adaptation(
                  bundle,
                  read,
                  kept,
                  views.or(bundle.manifest().preprocessing().views()),
                  settings,
                  trainingDevice)
              .run(out.getFileName().toString(), commandLine(), progress);
    } catch (IllegalArgumentException e) {
      throw new StartException("adapt: " + e.getMessage(), e);
    }
    adapted.write(out);
    json.print(
        new Result(
            out.toString(),
            adapted.networkId(),
            bundle.networkId(),
            read.size(),
            kept == null ? 0 : kept.size(),
            before,
            measured(adapted, heldOut)),
        AdaptCommand::print);
    return ExitCode.OK;
  }

  /// The images of a directory, in an order by the seed.
  private List<Path> files(String option, Path directory) throws IOException {
    ImageFiles found = ImageFiles.find(List.of(Directories.existing(option, directory, "images")));
    LeftOutReport.print(found.leftOut(), false, "", json.people());
    List<Path> files = new ArrayList<>(found.files());
    Collections.shuffle(files, new Random(seed));
    return files;
  }

  private UnlabelledImages kept(Path directory, Bundle bundle, int side) throws IOException {
    if (Files.exists(directory.resolve("train.bin"))
        || Files.exists(directory.resolve("train.bin.gz"))) {
      return UnlabelledImages.of(
          Cifar100.read(directory).training(), bundle.manifest().preprocessing().colour());
    }
    List<Path> files = files("--keep", directory);
    return read(
        "images to keep",
        directory,
        files.subList(0, Math.min(files.size(), MAX_IMAGES)),
        bundle,
        side);
  }

  private static UnlabelledImages read(
      String what, Path directory, List<Path> files, Bundle bundle, int side) throws IOException {
    UnlabelledImages read;
    try (ProgressBar bar = CenterSource.progressBar("read " + what)) {
      bar.maxHint(files.size());
      read =
          UnlabelledImages.read(
              "pictures in " + directory.getFileName(),
              files,
              bundle.manifest().preprocessing(),
              side,
              bar::step);
    }
    if (read.size() == 0) {
      throw new StartException(
          "%s: none of %d files in '%s' can be read (expected: at least 1 JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC)"
              .formatted(what, files.size(), directory));
    }
    return read;
  }

  /// How far codes move when the held-out images are edited.
  private Edits measured(Bundle bundle, List<PictureFile> heldOut) throws IOException {
    try (EvaluationProgress progress = new EvaluationProgress()) {
      return new EvaluationRun(
              bundle, null, heldOut, new EvaluationRun.Settings(seed, heldOut.size(), 1), progress)
          .run()
          .edits()
          .getFirst();
    } catch (IOException e) {
      throw new StartException("--images: " + e.getMessage(), e);
    }
  }

  private String commandLine() {
    return "mekiki adapt %s --images %s%s --steps %d --seed %d%s"
        .formatted(
            named.argument(),
            images,
            keep == null ? "" : " --keep " + keep,
            steps,
            seed,
            views.argument());
  }

  private static void print(Result result, PrintWriter output) {
    new Table()
        .row("bundle", result.bundle())
        .row("network", result.network())
        .row("adapted from", result.from())
        .row("images learnt from", result.images())
        .row("images kept", result.kept())
        .print(output);
    output.printf(
        "%nHow far codes move, of %d images held out, bits on average, and copies within %d:%n",
        result.before().pictures(), result.before().radius());
    Table table = new Table().row("edit", "before", "after", "within before", "within after");
    List<Moved> before = kinds(result.before());
    List<Moved> after = kinds(result.after());
    IntStream.range(0, before.size())
        .forEach(i ->
            table.row(
                before.get(i).kind(),
                "%.2f".formatted(before.get(i).mean()),
                "%.2f".formatted(after.get(i).mean()),
                share(before.get(i)),
                share(after.get(i))));
    table.print(output);
  }

  private static List<Moved> kinds(Edits edits) {
    List<Moved> kinds = new ArrayList<>(edits.kinds());
    if (edits.unrelated() != null) {
      kinds.add(edits.unrelated());
    }
    return kinds;
  }

  private static String share(Moved moved) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * moved.within());
  }

  private record Result(
      String bundle,
      String network,
      String from,
      int images,
      int kept,
      Edits before,
      Edits after) {}
}

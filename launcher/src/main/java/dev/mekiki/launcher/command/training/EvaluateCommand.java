package dev.mekiki.launcher.command.training;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.launcher.command.options.BundleArgument;
import dev.mekiki.launcher.command.options.Directories;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.runtime.StartException;
import dev.mekiki.training.evaluation.Evaluation;
import dev.mekiki.training.evaluation.EvaluationRun;
import dev.mekiki.training.evaluation.LabelledPictures;
import dev.mekiki.training.evaluation.LabelledPictures.Division;
import dev.mekiki.training.evaluation.PictureFile;
import dev.mekiki.training.report.EvaluationReport;
import dev.mekiki.training.report.writer.ReportTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "evaluate",
    description = "Measure what a bundle's codes are worth on pictures.",
    footer = {
      "",
      "With classes of pictures (--images or --data): mean average precision, precision and recall by",
      "radius, how evenly images fill the buckets. With any pictures, those of --edits too: how far",
      "codes move when a picture is edited. Pictures are encoded as services encode them.",
      "Of --images a share of each class asks for the others: with the seed that `train` had, the",
      "pictures that it held out. Of --data the test pictures ask for the training pictures.",
      "Images at one distance stand in the order of the database: of --data that of its files, of",
      "--images a random one by the seed. How much hangs on it is shown by other random orders.",
      "",
      "Example:",
      "  mekiki evaluate my.mekiki --images pictures-by-class --report my.html",
      "  mekiki evaluate built-in --data cifar-100 --edits photos --json"
    })
public final class EvaluateCommand implements Callable<Integer> {
  /// Bits, for people; the JSON and the report's plots have all.
  private static final List<Integer> RADII = List.of(0, 1, 2, 4, 6, 8, 12, 16, 20, 24, 28, 32);

  @Spec private CommandSpec spec;
  @Mixin private BundleArgument named;
  @Mixin private JsonOption json;
  @Mixin private ReportFiles reportFiles;

  @ArgGroup private @Nullable LabelledSource source;

  @Option(
      names = "--edits",
      paramLabel = "DIR",
      description = "A directory of any pictures, to measure edited copies of.")
  private @Nullable Path edits;

  @Option(
      names = "--test-share",
      paramLabel = "SHARE",
      description =
          "Of --images, the share of each class that asks for the others, above 0 and below 1"
              + " (default: ${DEFAULT-VALUE}).")
  private double testShare = 0.1;

  @Option(
      names = "--edited",
      paramLabel = "N",
      description =
          "How many queries, and how many pictures of --edits, are edited at most, chosen by the"
              + " seed; 0 for none (default: ${DEFAULT-VALUE}).")
  private int edited = 1_000;

  @Option(
      names = "--radii",
      paramLabel = "R",
      split = ",",
      description = "Radii in bits that the table shows (default: some up to half of the bits).")
  private @Nullable List<Integer> radii;

  @Option(
      names = "--tie-orders",
      paramLabel = "N",
      description = "Random orders of the database, for the spread (default: ${DEFAULT-VALUE}).")
  private int tieOrders = 10;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of all that is left to chance (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Override
  public Integer call() throws IOException {
    Logs.toConsole();
    if (source == null && edits == null) {
      throw usage("pictures are missing: --images=DIR, --data=DIR or --edits=DIR");
    }
    if (!(testShare > 0 && testShare < 1)) {
      throw usage("--test-share: %s (expected: above 0 and below 1)".formatted(testShare));
    }
    EvaluationRun.Settings settings;
    try {
      settings = new EvaluationRun.Settings(seed, edited, tieOrders);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    Bundle bundle = named.read();
    List<Integer> shownRadii = shownRadii(bundle.manifest().bits());
    try {
      measure(bundle, shownRadii, settings);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
    return ExitCode.OK;
  }

  private void measure(Bundle bundle, List<Integer> shownRadii, EvaluationRun.Settings settings)
      throws IOException {
    LabelledPictures labelled = source == null ? null : read(source);
    List<PictureFile> loose =
        edits == null
            ? List.of()
            : PictureFile.below(Directories.existing("--edits", edits, "pictures"));
    reportFiles.createDirectories();
    Evaluation evaluation;
    try (EvaluationProgress progress = new EvaluationProgress()) {
      evaluation = new EvaluationRun(bundle, labelled, loose, settings, progress).run();
    }
    EvaluationReport report = new EvaluationReport(evaluation, shownRadii, commandLine());
    reportFiles.write(
        () -> report.html(labelled == null ? List.of() : labelled.files()), report::markdown);
    json.print(evaluation, (all, output) -> report.tables().forEach(table -> print(table, output)));
  }

  private List<Integer> shownRadii(int bits) {
    if (radii == null) {
      return RADII.stream().filter(radius -> radius <= bits / 2).toList();
    }
    for (int radius : radii) {
      if (radius < 0 || radius > bits) {
        throw usage("--radii: %d (expected: 0 to %d, the bundle's bits)".formatted(radius, bits));
      }
    }
    return radii;
  }

  private LabelledPictures read(LabelledSource from) throws IOException {
    Path directory = from.existing();
    return from.isCifar()
        ? LabelledPictures.cifar100(directory)
        : LabelledPictures.folder(directory, new Division.HeldOut(testShare, seed));
  }

  /// As it was given, less what only says where results go.
  private String commandLine() {
    return "mekiki evaluate %s%s%s --test-share %s --edited %d --tie-orders %d --seed %d"
        .formatted(
            named.argument(),
            source == null ? "" : " " + source.argument(),
            edits == null ? "" : " --edits " + edits,
            testShare,
            edited,
            tieOrders,
            seed);
  }

  private static void print(ReportTable table, PrintWriter output) {
    output.println(Table.visible(table.title()));
    if (!table.note().isEmpty()) {
      output.println(Table.visible(table.note()));
    }
    Table text = new Table().row(table.header().toArray());
    table.rows().forEach(row -> text.row(row.toArray()));
    text.print(output);
    output.println();
    output.flush();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

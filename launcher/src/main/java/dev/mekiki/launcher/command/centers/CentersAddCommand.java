package dev.mekiki.launcher.command.centers;

import dev.mekiki.centers.fit.AddedCenter;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.launcher.center.ImageCodes;
import dev.mekiki.launcher.command.options.BundleArgument;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.launcher.process.Logs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "add",
    description = "Give a bundle a center for a new class, from a few of its images.",
    footer = {
      "",
      "The center lies where most of the images' codes agree, moved just so far that it keeps the",
      "distance which the bundle's centers keep from each other. The network stays as it is, and so do",
      "all codes and the other centers.",
      "To index with the new bundle: mekiki generation prepare FILE.",
      "",
      "Example:",
      "  mekiki centers add built-in --images pandas/ --label panda --out with-pandas.mekiki"
    })
final class CentersAddCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private BundleArgument named;
  @Mixin private JsonOption json;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      required = true,
      description = "Images of the new class: a directory, and those below it.")
  private Path images;

  @Option(
      names = "--label",
      paramLabel = "NAME",
      required = true,
      description = "The name of the new class.")
  private String label;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The bundle to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("added.mekiki");

  @Override
  public Integer call() throws IOException, InterruptedException {
    Logs.toConsole();
    if (label.isBlank()) {
      throw new ParameterException(spec.commandLine(), "--label: '' (expected: a name)");
    }
    Bundle bundle = named.read();
    CenterTable old = bundle.centers();
    if (old.labels().contains(label)) {
      throw new ParameterException(
          spec.commandLine(),
          "--label: '%s' is there already (expected: a new one)".formatted(label));
    }
    PrintWriter err = spec.commandLine().getErr();
    ImageCodes encoded = CenterSource.codes(bundle, images, err);
    AddedCenter added = AddedCenter.to(old, encoded.codes());
    if (!added.reachedTarget()) {
      CenterSource.reportMissedDistance(added.nearestDistance(), added.targetDistance(), err);
    }
    CenterTable table = old.plus(added.code(), label);
    bundle
        .withCenters(
            table,
            Map.of(
                "center_" + label,
                "added from %d codes".formatted(encoded.codes().size()),
                "center_minimum_distance",
                Integer.toString(table.minimumDistance())))
        .write(out);
    json.print(result(bundle, table, added, encoded), CentersAddCommand::print);
    return ExitCode.OK;
  }

  private Result result(Bundle bundle, CenterTable table, AddedCenter added, ImageCodes encoded) {
    List<Integer> shells =
        encoded.codes().stream()
            .map(table::cell)
            .filter(cell -> cell.center() == table.size() - 1)
            .map(CenterTable.Cell::shell)
            .sorted()
            .toList();
    List<HashCode> codes = encoded.codes();
    return new Result(
        out.toString(),
        bundle.networkId(),
        table.size(),
        label,
        codes.size(),
        encoded.leftOut().size(),
        added.movedBits(),
        added.targetDistance(),
        added.nearestDistance(),
        table.label(added.nearest()),
        shells.size(),
        shells.stream().mapToInt(Integer::intValue).average().orElse(0),
        shells.isEmpty() ? 0 : shells.getLast());
  }

  private static void print(Result result, PrintWriter output) {
    Table table =
        new Table()
            .row("bundle", result.bundle())
            .row("network", result.network())
            .row("centers", result.centers())
            .row("images", result.images())
            .row("bits away from their majority", result.movedBits())
            .row(
                "distance to the nearest other center",
                "%d (%s)".formatted(result.nearestDistance(), result.nearestLabel()))
            .row(
                "images in the new bucket",
                "%d of %d".formatted(result.inBucket(), result.images()));
    if (result.inBucket() > 0) {
      table.row(
          "their distance to the new center",
          "%.2f on average, %d at most".formatted(result.meanShell(), result.largestShell()));
    }
    table.print(output);
  }

  private record Result(
      String bundle,
      String network,
      int centers,
      String label,
      int images,
      int leftOut,
      int movedBits,
      int targetDistance,
      int nearestDistance,
      String nearestLabel,
      int inBucket,
      double meanShell,
      int largestShell) {}
}

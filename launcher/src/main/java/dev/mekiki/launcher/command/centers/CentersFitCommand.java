package dev.mekiki.launcher.command.centers;

import static java.util.Objects.requireNonNull;

import dev.mekiki.centers.CodeSpread;
import dev.mekiki.centers.fit.CenterFit;
import dev.mekiki.centers.fit.FitProblem;
import dev.mekiki.centers.fit.FittedCenters;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.launcher.center.TopicCodes;
import dev.mekiki.launcher.command.options.BundleArgument;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.GlobalOptions;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.KafkaOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "fit",
    description = "Give a bundle centers fitted to where the codes of your images lie.",
    footer = {
      "",
      "For images unlike those that the network was trained on: their codes lie far from the"
          + " centers of",
      "its classes, so that few buckets hold them all, and so few partitions most of the work.",
      "No labels are needed, the network stays as it is, and so do all codes. Shown is what the"
          + " codes",
      "make of the old centers and of the new ones, over mekiki.generation.partitions partitions:"
          + " how",
      "even they are, and how many an arrival probes where mekiki.match.reach is codes, at",
      "mekiki.match.radius; and, for images yet to come, what centers fitted to the rest alone make"
          + " of",
      "a fifth of the codes.",
      "To index with the new bundle: mekiki generation prepare FILE.",
      "",
      "Examples:",
      "  mekiki centers fit built-in --images ~/Pictures --count 32 --out mine.mekiki",
      "  mekiki centers fit my.mekiki --topic --bootstrap kafka-1:9092 --count 100"
    })
final class CentersFitCommand implements Callable<Integer> {
  /// One code in so many is held out.
  private static final int HELD_OUT = 5;

  @Spec private CommandSpec spec;
  @Mixin private BundleArgument named;
  @Mixin private GlobalOptions configuration;
  @Mixin private KafkaOption kafka;
  @Mixin private JsonOption json;

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(
      names = "--count",
      paramLabel = "C",
      required = true,
      description = "How many centers; each is a bucket, and partitions host whole buckets.")
  private int count;

  @Option(
      names = "--distance",
      paramLabel = "D",
      description =
          "What every two centers keep apart (default: the Gilbert-Varshamov distance of C"
              + " centers).")
  private @Nullable Integer distance;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Of all that is left to chance: the same seed and codes, the same centers"
              + " (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The bundle to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("fitted.mekiki");

  @Override
  public Integer call() throws IOException, InterruptedException {
    Logs.toConsole();
    Configuration loaded = configuration.with(kafka.options()).load(Map.of(), Map.of());
    EncoderConfig config = loaded.get(EncoderConfig.class);
    Index index =
        new Index(
            config.generation().partitions(),
            loaded.get(IndexConfig.class).match().policy().codeRadius());
    Bundle bundle = named.read();
    // Before any image is read: what is wrong with these is wrong for any codes.
    problem(bundle.centers().centers());
    List<HashCode> codes = codes(bundle, config);
    FitProblem problem = problem(codes);
    FittedCenters fitted = fit(problem, "fit");
    if (!fitted.reachedTarget()) {
      CenterSource.reportMissedDistance(
          fitted.minimumDistance(), fitted.targetDistance(), spec.commandLine().getErr());
    }
    CenterTable table = table(fitted);
    bundle
        .withCenters(
            table,
            Map.of(
                "centers",
                "fitted to %d codes, seed %d".formatted(codes.size(), seed),
                "center_minimum_distance",
                Integer.toString(table.minimumDistance())))
        .write(out);
    json.print(
        new Result(
            out.toString(),
            bundle.networkId(),
            codes.size(),
            fitted.targetDistance(),
            index.partitions(),
            index.radius(),
            Spread.of(bundle.centers(), codes, index),
            Spread.of(table, codes, index),
            heldOut(problem, index)),
        CentersFitCommand::print);
    return ExitCode.OK;
  }

  private static FittedCenters fit(FitProblem problem, String task) {
    try (ProgressBar bar = CenterSource.progressBar(task)) {
      return CenterFit.fit(problem, (done, total) -> bar.maxHint(total).stepTo(done));
    }
  }

  /// Where there are few codes for each center, centers lie near these codes and not near others'.
  private @Nullable Spread heldOut(FitProblem problem, Index index) {
    List<HashCode> codes = new ArrayList<>(problem.codes());
    int held = codes.size() / HELD_OUT;
    if (held == 0) {
      return null;
    }
    Collections.shuffle(codes, new Random(seed));
    FittedCenters fitted =
        fit(
            new FitProblem(
                codes.subList(held, codes.size()), count, problem.minimumDistance(), seed),
            "fit without a fifth");
    return Spread.of(table(fitted), codes.subList(0, held), index);
  }

  private static CenterTable table(FittedCenters fitted) {
    return new CenterTable(
        fitted.codes().getFirst().bits(),
        fitted.codes(),
        IntStream.range(0, fitted.codes().size()).mapToObj(center -> "cluster-" + center).toList());
  }

  private FitProblem problem(List<HashCode> codes) {
    try {
      return distance == null
          ? FitProblem.of(codes, count, seed)
          : new FitProblem(codes, count, distance, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--count, --distance: " + e.getMessage(), e);
    }
  }

  private List<HashCode> codes(Bundle bundle, EncoderConfig config)
      throws IOException, InterruptedException {
    if (!source.topic) {
      Path images = requireNonNull(source.images, "one of --images and --topic");
      return CenterSource.codes(bundle, images, spec.commandLine().getErr()).codes();
    }
    try (ProgressBar bar = CenterSource.progressBar("read")) {
      return TopicCodes.read(
          new KafkaClients(config.kafka(), config.images()),
          config.topics().names(),
          bundle,
          (done, total) -> bar.maxHint(total).stepTo(done));
    }
  }

  private static void print(Result result, PrintWriter output) {
    new Table()
        .row("bundle", result.bundle())
        .row("network", result.network())
        .row("codes", result.codes())
        .print(output);
    List<Spread> spreads = new ArrayList<>(List.of(result.before(), result.after()));
    Spread heldOut = result.heldOut();
    if (heldOut != null) {
      spreads.add(heldOut);
    }
    new Table()
        .row(cells("", Stream.of("before", "after", "of codes held out").limit(spreads.size())))
        .row(cells("centers", spreads.stream().map(Spread::centers)))
        .row(cells("minimum distance", spreads.stream().map(Spread::minDistance)))
        .row(
            cells(
                "distance to the nearest center, mean",
                spreads.stream().map(spread -> figure(spread.meanShell()))))
        .row(cells("- of half of the codes at most", spreads.stream().map(Spread::p50Shell)))
        .row(cells("- of 90 % of the codes at most", spreads.stream().map(Spread::p90Shell)))
        .row(
            cells(
                "partitions probed for an image, of %d others".formatted(result.partitions() - 1),
                spreads.stream().map(spread -> figure(spread.probed()))))
        .row(
            cells(
                "fullest partition against the mean",
                spreads.stream().map(spread -> figure(spread.fullestOverMean()))))
        .row(
            cells(
                "share of the largest bucket",
                spreads.stream().map(spread -> "%.1f %%".formatted(100 * spread.largestShare()))))
        .row(
            cells(
                "as even as so many equal buckets",
                spreads.stream().map(spread -> "%.1f".formatted(spread.effectiveBuckets()))))
        .print(output);
  }

  private static Object[] cells(String name, Stream<?> values) {
    return Stream.concat(Stream.of(name), values).toArray();
  }

  private static String figure(double value) {
    return "%.2f".formatted(value);
  }

  /// Where the codes come from.
  private static final class Source {
    @Option(
        names = "--images",
        paramLabel = "DIR",
        required = true,
        description = "Images to encode: a directory, and those below it.")
    private @Nullable Path images;

    @Option(
        names = "--topic",
        required = true,
        description = "The codes that the bundle's network has given to the images of a cluster.")
    private boolean topic;
  }

  /// What the centers are tried in.
  ///
  /// @param radius the largest code distance of a match
  private record Index(int partitions, int radius) {}

  private record Result(
      String bundle,
      String network,
      int codes,
      int targetDistance,
      int partitions,
      int radius,
      Spread before,
      Spread after,
      @Nullable Spread heldOut) {}

  private record Spread(
      int centers,
      int minDistance,
      double meanShell,
      int p50Shell,
      int p90Shell,
      double probed,
      double fullestOverMean,
      double largestShare,
      double effectiveBuckets) {
    static Spread of(CenterTable centers, List<HashCode> codes, Index index) {
      CodeSpread spread =
          CodeSpread.of(Routing.byProximity(centers, index.partitions()), codes, index.radius());
      return new Spread(
          centers.size(),
          centers.minimumDistance(),
          spread.meanShell(),
          spread.p50Shell(),
          spread.p90Shell(),
          spread.probed(),
          spread.fullestOverMean(),
          spread.largestShare(),
          spread.effectiveBuckets());
    }
  }
}

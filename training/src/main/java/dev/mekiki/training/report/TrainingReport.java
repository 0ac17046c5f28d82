package dev.mekiki.training.report;

import static dev.mekiki.training.report.writer.ReportTable.count;
import static dev.mekiki.training.report.writer.ReportTable.decimals;
import static dev.mekiki.training.report.writer.ReportTable.percent;

import dev.mekiki.centers.solve.CenterSolution;
import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.encoding.bundle.Manifest;
import dev.mekiki.training.LabelNoise;
import dev.mekiki.training.TrainedBundle;
import dev.mekiki.training.TrainingResult;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.evaluation.Evaluation.MapAt;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import dev.mekiki.training.evaluation.EvaluationListener;
import dev.mekiki.training.evaluation.IndexCost;
import dev.mekiki.training.evaluation.LabelledCodes;
import dev.mekiki.training.evaluation.PictureFile;
import dev.mekiki.training.evaluation.RetrievalEvaluation;
import dev.mekiki.training.loop.TrainingLog;
import dev.mekiki.training.report.writer.Axis;
import dev.mekiki.training.report.writer.Markdown;
import dev.mekiki.training.report.writer.Page;
import dev.mekiki.training.report.writer.Plot;
import dev.mekiki.training.report.writer.ReportTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// The report of a training: as tables, as Markdown, and as one HTML file with plots and pictures
/// that loads nothing from elsewhere.
public final class TrainingReport {
  /// Pairs of centers that a plot shows, at most: beyond, points only cover each other.
  private static final int MAX_SHOWN_PAIRS = 5_000;

  /// MAP that a shorter code may lose: less than trainings with other seeds differ by.
  private static final double MAX_LOSS_OF_MAP = 0.01;

  private final TrainingResult result;
  private final TrainingLog log;
  private final LabelledImages.Split images;
  private final String command;
  private final double seconds;
  private final List<LabelNoise.Measured> noise;
  private final List<Measured> measured = new ArrayList<>();

  /// Measures the networks of a training's own seed.
  ///
  /// @param images that were trained and measured with
  /// @param noise the same training with wrong labels, that with none first; may be empty
  /// @param log of the training
  /// @param command that trains again
  public TrainingReport(
      TrainingResult result,
      LabelledImages.Split images,
      List<LabelNoise.Measured> noise,
      TrainingLog log,
      String command,
      EvaluationListener listener) {
    this.result = result;
    this.images = images;
    this.noise = List.copyOf(noise);
    this.log = log;
    this.command = command;
    this.seconds = log.seconds();
    LabelledImages training = images.training();
    LabelledImages test = images.test();
    List<PictureFile> trainingFiles = PictureFile.of("train", training);
    List<PictureFile> testFiles = PictureFile.of("test", test);
    for (TrainedBundle trained : result.own()) {
      LabelledCodes database =
          new LabelledCodes(trainingFiles, trained.trainingCodes(), training.labels());
      LabelledCodes queries = new LabelledCodes(testFiles, trained.testCodes(), test.labels());
      Retrieval retrieval =
          new RetrievalEvaluation(
                  training.description(),
                  training.classNames(),
                  trained.bundle().centers(),
                  1,
                  trained.seed())
              .of(database, queries, listener);
      measured.add(
          new Measured(
              trained, retrieval, IndexCost.of(trained.bundle().centers(), database, queries)));
    }
  }

  /// @param cost of an index of the training images
  private record Measured(TrainedBundle trained, Retrieval retrieval, IndexCost cost) {
    int bits() {
      return trained.bundle().manifest().bits();
    }
  }

  /// Every table.
  public List<ReportTable> tables() {
    List<ReportTable> tables = new ArrayList<>();
    tables.add(trainingTable());
    tables.add(qualityTable());
    tables.add(lengthTable());
    if (!noise.isEmpty()) {
      tables.add(noiseTable());
    }
    tables.add(timeTable());
    return tables;
  }

  /// The tables in Markdown.
  public String markdown() {
    return Markdown.of(title(), command, tables());
  }

  /// The page.
  ///
  /// @throws IOException never, as the pictures are in memory
  public String html() throws IOException {
    Page page = new Page(title(), command);
    page.table(trainingTable()).table(qualityTable());
    mapPlot(page);
    page.table(lengthTable());
    costPlot(page);
    precisionPlot(page);
    centerPlots(page);
    if (!noise.isEmpty()) {
      page.table(noiseTable());
      noisePlot(page);
    }
    lossPlots(page);
    page.table(timeTable());
    Measured shown = deserved();
    page.heading("Examples, %d bits".formatted(shown.bits()));
    List<PictureFile> pictures = new ArrayList<>(PictureFile.of("train", images.training()));
    pictures.addAll(PictureFile.of("test", images.test()));
    new ExampleFigures(pictures).show(page, shown.retrieval());
    return page.settings("Settings", new TreeMap<>(manifest().training().settings())).finish();
  }

  private String title() {
    return "Training of " + manifest().name();
  }

  private Manifest manifest() {
    return measured.getFirst().trained().bundle().manifest();
  }

  private ReportTable trainingTable() {
    Manifest.Training training = manifest().training();
    return ReportTable.of("The training", "", "what", "value")
        .row("trained on", training.data())
        .row("training images", count(images.training().size()))
        .row("test images", count(images.test().size()))
        .row("classes", count(images.training().classNames().size()))
        .row("seed", training.seed())
        .row("similarity of classes", training.settings().getOrDefault("similarity", ""))
        .row("classifier finds the class of", percent(result.classifierAccuracy()));
  }

  private ReportTable qualityTable() {
    boolean severalSeeds = result.networks().size() > measured.size();
    ReportTable table =
        ReportTable.of(
            "By number of bits",
            "%s test images against %s training images. Center loss: mean squared difference between the similarity of classes and what the distances of their centers make of it. MAP: within the first k images of an answer, the precisions at the relevant images found there, divided by their number; @ALL with ties averaged.%s"
                .formatted(
                    count(images.test().size()),
                    count(images.training().size()),
                    severalSeeds
                        ? " Over seeds: centers and hash network anew, from the same classifier."
                        : ""),
            "bits",
            "center distance, asked for",
            "center loss",
            "MAP@100",
            "MAP@1000",
            "MAP@ALL",
            "MAP@ALL over seeds",
            "nearest center is that of the class");
    for (Measured one : measured) {
      CenterSolution centers = one.trained().centers();
      DoubleSummaryStatistics seeds = overSeeds(one.bits(), TrainingReport::mapAtAll);
      table =
          table.row(
              one.bits(),
              "%d, %d".formatted(centers.minimumDistance(), centers.targetDistance()),
              decimals(4, centers.loss()),
              decimals(4, mapAt(one.retrieval(), "100")),
              decimals(4, mapAt(one.retrieval(), "1000")),
              decimals(4, one.retrieval().tieAveragedMapAtAll()),
              seeds.getCount() == 1
                  ? "one seed"
                  : "%s (%s to %s, %d seeds)"
                      .formatted(
                          decimals(4, seeds.getAverage()),
                          decimals(4, seeds.getMin()),
                          decimals(4, seeds.getMax()),
                          seeds.getCount()),
              percent(metric(one.trained(), "nearest_center_accuracy")));
    }
    return table;
  }

  private static double mapAt(Retrieval retrieval, String k) {
    return retrieval.map().stream()
        .filter(at -> at.k().equals(k))
        .mapToDouble(MapAt::value)
        .findFirst()
        .orElseThrow();
  }

  private static double mapAtAll(TrainedBundle trained) {
    return metric(trained, "map_at_all");
  }

  private static double metric(TrainedBundle trained, String name) {
    return trained.bundle().manifest().training().metrics().getOrDefault(name, Double.NaN);
  }

  private DoubleSummaryStatistics overSeeds(int bits, ToDoubleFunction<TrainedBundle> figure) {
    return result.networks().stream()
        .filter(trained -> trained.bundle().manifest().bits() == bits)
        .mapToDouble(figure)
        .summaryStatistics();
  }

  private ReportTable lengthTable() {
    ReportTable table =
        ReportTable.of(
            "Which hash length the data deserves",
            "%d bits: the shortest code that loses at most %s of the best MAP@ALL. An index of the training images over %d partitions, each image placed as the index places it; R in proportion to 8 at 64 bits. Memory: the words of the code in all copies of an image, beside some 60 bytes a copy that no code length changes. Partitions asked: those that can hold one of the %d nearest images of a test image."
                .formatted(
                    deserved().bits(), MAX_LOSS_OF_MAP, IndexCost.PARTITIONS, IndexCost.NEAREST),
            "bits",
            "MAP@ALL",
            "R",
            "copies of an image",
            "bytes of codes an image",
            "partitions asked",
            "effective buckets",
            "largest bucket",
            "mean distance to the nearest center");
    for (Measured one : measured) {
      IndexCost cost = one.cost();
      table =
          table.row(
              one.bits(),
              decimals(4, one.retrieval().tieAveragedMapAtAll()),
              cost.replicationRadius(),
              decimals(2, cost.spread().copies()),
              decimals(1, cost.codeBytes()),
              decimals(2, cost.partitionsAsked()),
              decimals(1, cost.spread().effectiveBuckets()),
              percent(cost.spread().largestShare()),
              decimals(2, cost.spread().meanShell()) + " bits");
    }
    return table;
  }

  /// The shortest code that is all but as good as the best.
  private Measured deserved() {
    double best =
        measured.stream()
            .mapToDouble(one -> one.retrieval().tieAveragedMapAtAll())
            .max()
            .orElseThrow();
    return measured.stream()
        .filter(one -> one.retrieval().tieAveragedMapAtAll() >= best - MAX_LOSS_OF_MAP)
        .min(Comparator.comparingInt(Measured::bits))
        .orElseThrow();
  }

  private ReportTable noiseTable() {
    ReportTable table =
        ReportTable.of(
            "Wrong labels",
            "%d bits, seed %d: the training again with a share of the training images labelled as another class, each as likely. Classifier, centers and codes learn from these labels; measured is against the right ones."
                .formatted(noise.getFirst().bits(), result.own().getFirst().seed()),
            "wrong labels",
            "MAP@ALL",
            "nearest center is that of the class",
            "classifier finds the class of");
    for (LabelNoise.Measured one : noise) {
      table =
          table.row(
              percent(one.share()),
              decimals(4, one.mapAtAll()),
              percent(one.nearestCenterAccuracy()),
              percent(one.classifierAccuracy()));
    }
    return table;
  }

  private void noisePlot(Page page) {
    List<LabelNoise.Measured> byShare =
        noise.stream().sorted(Comparator.comparingDouble(LabelNoise.Measured::share)).toList();
    double[] shares = column(byShare, one -> 100 * one.share());
    page.plot(
        new Plot(
                "Quality over wrong labels, %d bits".formatted(noise.getFirst().bits()),
                Axis.upTo("% of the labels wrong", shares[shares.length - 1]),
                1)
            .line("MAP@ALL", shares, column(byShare, LabelNoise.Measured::mapAtAll))
            .line(
                "nearest center",
                shares,
                column(byShare, LabelNoise.Measured::nearestCenterAccuracy))
            .line("classifier", shares, column(byShare, LabelNoise.Measured::classifierAccuracy)));
  }

  private ReportTable timeTable() {
    ReportTable table =
        ReportTable.of(
            "What it took",
            "%s s in all, measuring between the stages included. Images/s: passes over the training images. An epoch before the training went on from a checkpoint is not counted."
                .formatted(decimals(0, seconds)),
            "stage",
            "epochs",
            "seconds",
            "steps/s",
            "images/s");
    for (TrainingLog.Stage stage : log.stages()) {
      double trained = (double) stage.losses().size() * images.training().size();
      table =
          table.row(
              stage.name(),
              stage.losses().size(),
              decimals(1, stage.seconds()),
              decimals(1, stage.stepsPerSecond()),
              decimals(0, stage.seconds() > 0 ? trained / stage.seconds() : 0));
    }
    for (TrainedBundle trained : result.networks()) {
      table =
          table.row(
              "centers, %d bits, seed %d"
                  .formatted(trained.bundle().manifest().bits(), trained.seed()),
              "",
              decimals(1, trained.centers().seconds()),
              "",
              "");
    }
    return table;
  }

  private void mapPlot(Page page) {
    List<Measured> byBits = byBits();
    List<DoubleSummaryStatistics> seeds =
        byBits.stream().map(one -> overSeeds(one.bits(), TrainingReport::mapAtAll)).toList();
    page.plot(
        new Plot("MAP@ALL by number of bits", Axis.upTo("bits", byBits.getLast().bits()), 1)
            .spread(
                seeds.getFirst().getCount() == 1 ? "one seed" : "mean of seeds",
                column(byBits, Measured::bits),
                seeds.stream().mapToDouble(DoubleSummaryStatistics::getAverage).toArray(),
                seeds.stream().mapToDouble(DoubleSummaryStatistics::getMin).toArray(),
                seeds.stream().mapToDouble(DoubleSummaryStatistics::getMax).toArray()));
  }

  private void costPlot(Page page) {
    double most = measured.stream().mapToDouble(one -> one.cost().codeBytes()).max().orElseThrow();
    Plot plot =
        new Plot("MAP@ALL over bytes of codes an image", Axis.upTo("bytes, all copies", most), 1);
    for (Measured one : byBits()) {
      plot.line(
          "%d bits".formatted(one.bits()),
          new double[] {one.cost().codeBytes()},
          new double[] {one.retrieval().tieAveragedMapAtAll()});
    }
    page.plot(plot);
  }

  private void precisionPlot(Page page) {
    Plot plot = RetrievalPlots.precisionOverRecall();
    for (Measured one : byBits()) {
      RetrievalPlots.addPrecision(plot, "%d bits".formatted(one.bits()), one.retrieval());
    }
    page.plot(plot);
  }

  private List<Measured> byBits() {
    return measured.stream().sorted(Comparator.comparingInt(Measured::bits)).toList();
  }

  private static <T> double[] column(List<T> all, ToDoubleFunction<T> value) {
    return all.stream().mapToDouble(value).toArray();
  }

  private void centerPlots(Page page) {
    page.heading("Centers and the similarity of classes")
        .paragraph(
            "Each point is a pair of classes: how far their centers lie apart over how alike they are. Centers without loss would lie on the line; none may lie below the least distance.");
    for (Measured one : byBits()) {
      centerPlot(page, one);
    }
  }

  private void centerPlot(Page page, Measured one) {
    CenterSolution centers = one.trained().centers();
    ClassSimilarity similarity = result.similarity();
    int classes = similarity.classes();
    List<int[]> pairs = new ArrayList<>();
    for (int a = 0; a < classes; a++) {
      for (int b = 0; b < a; b++) {
        pairs.add(new int[] {a, b});
      }
    }
    if (pairs.size() > MAX_SHOWN_PAIRS) {
      pairs =
          new Random(one.trained().seed())
              .ints(MAX_SHOWN_PAIRS, 0, pairs.size())
              .mapToObj(pairs::get)
              .toList();
    }
    int bits = one.bits();
    double least = centers.minimumDistance();
    page.plot(
        new Plot(
                "%d bits: distance of centers, loss %s"
                    .formatted(bits, decimals(4, centers.loss())),
                new Axis("similarity of classes", -1, 1),
                bits)
            .points(
                "pairs",
                pairs.stream().mapToDouble(pair -> similarity.of(pair[0], pair[1])).toArray(),
                pairs.stream()
                    .mapToDouble(
                        pair -> centers.codes().get(pair[0]).distance(centers.codes().get(pair[1])))
                    .toArray())
            .line("without loss", new double[] {-1, 1}, new double[] {bits, 0})
            .line(
                "least: %d".formatted(centers.minimumDistance()),
                new double[] {-1, 1},
                new double[] {least, least}));
  }

  private void lossPlots(Page page) {
    page.heading("Loss by epoch");
    if (log.stages().stream().allMatch(stage -> stage.losses().isEmpty())) {
      page.paragraph("Every epoch had been trained before: the checkpoints hold no losses.");
    }
    for (TrainingLog.Stage stage : log.stages()) {
      double most = stage.losses().stream().mapToDouble(Double::doubleValue).max().orElse(0);
      if (most > 0) {
        page.plot(
            new Plot(stage.name(), Axis.upTo("epoch", Math.max(1, stage.epochs())), most)
                .line(
                    "mean loss",
                    IntStream.range(0, stage.losses().size())
                        .mapToDouble(i -> stage.firstEpoch() + i)
                        .toArray(),
                    stage.losses().stream().mapToDouble(Double::doubleValue).toArray()));
      }
    }
  }
}

package dev.mekiki.training.report;

import static dev.mekiki.training.report.writer.ReportTable.decimals;

import dev.mekiki.centers.solve.CenterSolution;
import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.training.LabelNoise;
import dev.mekiki.training.loop.TrainingLog;
import dev.mekiki.training.report.TrainingMeasurements.Network;
import dev.mekiki.training.report.writer.Axis;
import dev.mekiki.training.report.writer.Page;
import dev.mekiki.training.report.writer.Plot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// The plots of the report of a training. Each method adds some to a page.
final class TrainingPlots {
  /// Pairs of centers that a plot shows, at most: beyond, points only cover each other.
  private static final int MAX_SHOWN_PAIRS = 5_000;

  private final TrainingMeasurements measurements;
  private final List<LabelNoise.Measured> noise;
  private final TrainingLog log;

  /// @param noise the same training with wrong labels, that with none first; may be empty
  TrainingPlots(
      TrainingMeasurements measurements, List<LabelNoise.Measured> noise, TrainingLog log) {
    this.measurements = measurements;
    this.noise = noise;
    this.log = log;
  }

  void map(Page page) {
    List<Network> byBits = measurements.byBits();
    List<DoubleSummaryStatistics> seeds =
        byBits.stream()
            .map(one -> measurements.overSeeds(one.bits(), TrainingMeasurements::mapAtAll))
            .toList();
    page.plot(
        new Plot("MAP@ALL by number of bits", Axis.upTo("bits", byBits.getLast().bits()), 1)
            .spread(
                seeds.getFirst().getCount() == 1 ? "one seed" : "mean of seeds",
                column(byBits, Network::bits),
                seeds.stream().mapToDouble(DoubleSummaryStatistics::getAverage).toArray(),
                seeds.stream().mapToDouble(DoubleSummaryStatistics::getMin).toArray(),
                seeds.stream().mapToDouble(DoubleSummaryStatistics::getMax).toArray()));
  }

  void cost(Page page) {
    double most =
        measurements.networks().stream()
            .mapToDouble(one -> one.cost().codeBytes())
            .max()
            .orElseThrow();
    Plot plot =
        new Plot("MAP@ALL over bytes of codes an image", Axis.upTo("bytes, all copies", most), 1);
    for (Network one : measurements.byBits()) {
      plot.line(
          "%d bits".formatted(one.bits()),
          new double[] {one.cost().codeBytes()},
          new double[] {one.retrieval().tieAveragedMapAtAll()});
    }
    page.plot(plot);
  }

  void precision(Page page) {
    Plot plot = RetrievalPlots.precisionOverRecall();
    for (Network one : measurements.byBits()) {
      RetrievalPlots.addPrecision(plot, "%d bits".formatted(one.bits()), one.retrieval());
    }
    page.plot(plot);
  }

  /// Of at least one share of wrong labels.
  void noise(Page page) {
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

  void centers(Page page) {
    page.heading("Centers and the similarity of classes")
        .paragraph(
            "Each point is a pair of classes: how far their centers lie apart over how alike they are. Centers without loss would lie on the line; none may lie below the least distance.");
    for (Network one : measurements.byBits()) {
      centerPlot(page, one);
    }
  }

  private void centerPlot(Page page, Network one) {
    CenterSolution centers = one.trained().centers();
    ClassSimilarity similarity = measurements.result().similarity();
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

  void losses(Page page) {
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

  private static <T> double[] column(List<T> all, ToDoubleFunction<T> value) {
    return all.stream().mapToDouble(value).toArray();
  }
}

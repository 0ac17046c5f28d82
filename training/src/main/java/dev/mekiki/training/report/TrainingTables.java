package dev.mekiki.training.report;

import static dev.mekiki.training.report.writer.ReportTable.count;
import static dev.mekiki.training.report.writer.ReportTable.decimals;
import static dev.mekiki.training.report.writer.ReportTable.percent;

import dev.mekiki.centers.solve.CenterSolution;
import dev.mekiki.encoding.bundle.Manifest;
import dev.mekiki.training.LabelNoise;
import dev.mekiki.training.TrainedBundle;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.evaluation.Evaluation.MapAt;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import dev.mekiki.training.evaluation.IndexCost;
import dev.mekiki.training.loop.TrainingLog;
import dev.mekiki.training.report.TrainingMeasurements.Network;
import dev.mekiki.training.report.writer.ReportTable;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/// The tables of the report of a training.
final class TrainingTables {
  private final TrainingMeasurements measurements;
  private final LabelledImages.Split images;
  private final List<LabelNoise.Measured> noise;
  private final TrainingLog log;
  private final double seconds;

  /// @param images that were trained and measured with
  /// @param noise the same training with wrong labels, that with none first; may be empty
  /// @param seconds that the training took
  TrainingTables(
      TrainingMeasurements measurements,
      LabelledImages.Split images,
      List<LabelNoise.Measured> noise,
      TrainingLog log,
      double seconds) {
    this.measurements = measurements;
    this.images = images;
    this.noise = noise;
    this.log = log;
    this.seconds = seconds;
  }

  ReportTable training() {
    Manifest.Training training = measurements.manifest().training();
    return ReportTable.of("The training", "", "what", "value")
        .row("trained on", training.data())
        .row("training images", count(images.training().size()))
        .row("test images", count(images.test().size()))
        .row("classes", count(images.training().classNames().size()))
        .row("seed", training.seed())
        .row("similarity of classes", training.settings().getOrDefault("similarity", ""))
        .row("classifier finds the class of", percent(measurements.result().classifierAccuracy()));
  }

  ReportTable quality() {
    boolean severalSeeds = measurements.result().networks().size() > measurements.networks().size();
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
    for (Network one : measurements.networks()) {
      CenterSolution centers = one.trained().centers();
      DoubleSummaryStatistics seeds =
          measurements.overSeeds(one.bits(), TrainingMeasurements::mapAtAll);
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
              percent(TrainingMeasurements.metric(one.trained(), "nearest_center_accuracy")));
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

  ReportTable length() {
    ReportTable table =
        ReportTable.of(
            "Which hash length the data deserves",
            "%d bits: the shortest code that loses at most %s of the best MAP@ALL. An index of the training images over %d partitions, each image placed as the index places it; match radius in proportion to 8 at 64 bits. Memory: the words of the code, beside what no code length changes. Partitions probed: the others that an arrival asks for matches under the reach codes; under everywhere it asks all. Partitions asked: those that can hold one of the %d nearest images of a test image."
                .formatted(
                    measurements.deserved().bits(),
                    TrainingMeasurements.MAX_LOSS_OF_MAP,
                    IndexCost.PARTITIONS,
                    IndexCost.NEAREST),
            "bits",
            "MAP@ALL",
            "match radius",
            "partitions probed",
            "bytes of code an image",
            "partitions asked",
            "effective buckets",
            "largest bucket",
            "mean distance to the nearest center");
    for (Network one : measurements.networks()) {
      IndexCost cost = one.cost();
      table =
          table.row(
              one.bits(),
              decimals(4, one.retrieval().tieAveragedMapAtAll()),
              cost.radius(),
              decimals(2, cost.spread().probed()),
              cost.codeBytes(),
              decimals(2, cost.partitionsAsked()),
              decimals(1, cost.spread().effectiveBuckets()),
              percent(cost.spread().largestShare()),
              decimals(2, cost.spread().meanShell()) + " bits");
    }
    return table;
  }

  /// Of at least one share of wrong labels.
  ReportTable noise() {
    ReportTable table =
        ReportTable.of(
            "Wrong labels",
            "%d bits, seed %d: the training again with a share of the training images labelled as another class, each as likely. Classifier, centers and codes learn from these labels; measured is against the right ones."
                .formatted(noise.getFirst().bits(), measurements.result().own().getFirst().seed()),
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

  ReportTable time() {
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
    for (TrainedBundle trained : measurements.result().networks()) {
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
}

package dev.mekiki.training.report;

import dev.mekiki.encoding.bundle.Manifest;
import dev.mekiki.training.TrainedBundle;
import dev.mekiki.training.TrainingResult;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import dev.mekiki.training.evaluation.EvaluationListener;
import dev.mekiki.training.evaluation.IndexCost;
import dev.mekiki.training.evaluation.LabelledCodes;
import dev.mekiki.training.evaluation.PictureFile;
import dev.mekiki.training.evaluation.RetrievalEvaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What a report says of the networks of a training's own seed.
///
/// @param result of the training, with the networks of all seeds
/// @param networks those of the training's own seed, measured, in the order of the settings
record TrainingMeasurements(TrainingResult result, List<Network> networks) {
  /// MAP that a shorter code may lose: less than trainings with other seeds differ by.
  static final double MAX_LOSS_OF_MAP = 0.01;

  TrainingMeasurements {
    networks = List.copyOf(networks);
  }

  /// One network.
  ///
  /// @param cost of an index of the training images
  record Network(TrainedBundle trained, Retrieval retrieval, IndexCost cost) {
    int bits() {
      return trained.bundle().manifest().bits();
    }
  }

  /// Measures.
  ///
  /// @param images that were trained and measured with
  static TrainingMeasurements of(
      TrainingResult result, LabelledImages.Split images, EvaluationListener listener) {
    List<Network> measured = new ArrayList<>();
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
          new Network(
              trained, retrieval, IndexCost.of(trained.bundle().centers(), database, queries)));
    }
    return new TrainingMeasurements(result, measured);
  }

  /// The manifest of the first bundle, whose settings are those of all.
  Manifest manifest() {
    return networks.getFirst().trained().bundle().manifest();
  }

  List<Network> byBits() {
    return networks.stream().sorted(Comparator.comparingInt(Network::bits)).toList();
  }

  /// The shortest code that is all but as good as the best.
  Network deserved() {
    double best =
        networks.stream()
            .mapToDouble(one -> one.retrieval().tieAveragedMapAtAll())
            .max()
            .orElseThrow();
    return networks.stream()
        .filter(one -> one.retrieval().tieAveragedMapAtAll() >= best - MAX_LOSS_OF_MAP)
        .min(Comparator.comparingInt(Network::bits))
        .orElseThrow();
  }

  /// A figure of the networks of one length, over seeds.
  DoubleSummaryStatistics overSeeds(int bits, ToDoubleFunction<TrainedBundle> figure) {
    return result.networks().stream()
        .filter(trained -> trained.bundle().manifest().bits() == bits)
        .mapToDouble(figure)
        .summaryStatistics();
  }

  /// MAP\@ALL in the manifest of a bundle.
  static double mapAtAll(TrainedBundle trained) {
    return metric(trained, "map_at_all");
  }

  /// A metric in the manifest of a bundle; NaN where it has none.
  static double metric(TrainedBundle trained, String name) {
    return trained.bundle().manifest().training().metrics().getOrDefault(name, Double.NaN);
  }
}

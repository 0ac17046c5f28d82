package dev.mekiki.training;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.Manifest;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.evaluation.Measurement;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.losses.SimilarityLabelSmoothing;
import dev.mekiki.training.network.ResidualInference;
import dev.mekiki.training.network.TrainedNetwork;
import dev.mekiki.training.stages.HashSettings;
import dev.mekiki.training.stages.HashTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The network of a bundle trained further, on labelled images, toward the centers that it has: a
/// training longer than the one before without doing that again, or on other images of the same
/// classes.
///
/// Like the third stage of a {@link TrainingRun}, at a rate that rises and falls once more
/// (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017). The
/// network is another one afterwards: images indexed before must be indexed anew.
public final class Refinement {
  private static final Logger log = LoggerFactory.getLogger(Refinement.class);

  private final Bundle bundle;
  private final LabelledImages training;
  private final LabelledImages test;
  private final CenterTable table;
  private final HashSettings settings;
  private final long seed;
  private final TrainingDevice device;

  /// @param training images to learn from, as large as the network's input, each class with a
  ///   center of its name
  /// @param test images to measure with, of the same size and classes
  /// @param settings whose colour is the network's
  /// @param seed of order and augmentation
  /// @throws IllegalArgumentException where bundle and images do not fit each other
  public Refinement(
      Bundle bundle,
      LabelledImages training,
      LabelledImages test,
      HashSettings settings,
      long seed,
      TrainingDevice device) {
    Preprocessing preprocessing = preprocessing(bundle);
    training.requireTestable(test, preprocessing.inputSize());
    if (settings.colour() != preprocessing.colour()) {
      throw new IllegalArgumentException(
          "colour: %s (expected: %s, the network's)"
              .formatted(settings.colour(), preprocessing.colour()));
    }
    if (settings.labelSmoothing() != 0) {
      throw new IllegalArgumentException(
          "label smoothing: %s (expected: 0, as a bundle does not hold the similarity of its classes)"
              .formatted(settings.labelSmoothing()));
    }
    this.bundle = bundle;
    this.training = training;
    this.test = test;
    this.table = centers(bundle, training.classNames());
    this.settings = settings;
    this.seed = seed;
    this.device = device;
  }

  /// What the network of a bundle reads.
  ///
  /// @throws IllegalArgumentException where it cannot be refined
  public static Preprocessing preprocessing(Bundle bundle) {
    TrainedNetwork.requireResidual(bundle);
    return bundle.manifest().preprocessing();
  }

  /// The centers of some classes, in their order.
  private static CenterTable centers(Bundle bundle, List<String> classes) {
    CenterTable all = bundle.centers();
    List<HashCode> centers = new ArrayList<>();
    for (String name : classes) {
      int center = all.labels().indexOf(name);
      if (center < 0) {
        throw new IllegalArgumentException(
            ("class '%s': no center of that name in bundle %s (expected: one for each class;"
                    + " `centers add` makes one)")
                .formatted(name, bundle.source()));
      }
      centers.add(all.center(center));
    }
    return new CenterTable(all.bits(), centers, classes);
  }

  /// Trains and measures.
  ///
  /// @param name of the new bundle
  /// @param command that makes it
  /// @param checkpoints directory that takes one after each epoch; null for none
  /// @param resume whether to go on from what is there
  /// @throws IOException where a checkpoint cannot be read or written, or belongs to another run
  public Bundle run(
      String name,
      String command,
      @Nullable Path checkpoints,
      boolean resume,
      TrainingListener listener)
      throws IOException {
    TrainedNetwork before = TrainedNetwork.of(bundle);
    float[][] targets = SimilarityLabelSmoothing.none(table.size());
    TrainedNetwork network =
        new HashTraining(training, before, before, table, targets, settings, seed, device)
            .run(Checkpoints.of(checkpoints, "refined-" + table.bits(), resume), listener)
            .rounded(bundle.manifest().precision());
    Measurement measurement =
        Measurement.of(new ResidualInference(device), network, training, test);
    Manifest.Training trained = bundle.manifest().training();
    Map<String, Double> metrics = new TreeMap<>(trained.metrics());
    metrics.put("map_at_all", measurement.meanAveragePrecision());
    metrics.put(
        "nearest_center_accuracy",
        test.nearestCenterAccuracy(bundle.centers(), measurement.testCodes()));
    log.info("refined bits={} seed={} metrics={}", table.bits(), seed, metrics);
    return network.inPlaceOf(
        bundle,
        name,
        measurement.featureMean(),
        new Manifest.Training(
            command,
            training.description(),
            trained.seed(),
            trained.epochs() + settings.schedule().epochs(),
            training.size(),
            settingsByName(trained.settings()),
            metrics));
  }

  /// The settings of all that was done before, and of this.
  private Map<String, String> settingsByName(Map<String, String> before) {
    Map<String, String> all = new TreeMap<>(before);
    int number = 1;
    while (before.containsKey(from(number))) {
      number++;
    }
    String prefix = "refinement_%d".formatted(number);
    all.put(from(number), bundle.networkId());
    all.put(from(number) + "_by", bundle.manifest().training().command());
    settings.schedule().describe(prefix, all);
    all.put(prefix + "_seed", Long.toString(seed));
    all.put(prefix + "_bits_weight", Float.toString(settings.weights().bits()));
    all.put(prefix + "_consistency_weight", Float.toString(settings.weights().consistency()));
    all.put(prefix + "_copies", Integer.toString(settings.copies()));
    all.put(prefix + "_negatives", Integer.toString(settings.negatives()));
    all.put(prefix + "_consistency_epoch_share", Float.toString(settings.consistencyEpochShare()));
    all.put(prefix + "_edit_share", Float.toString(settings.editShare()));
    return all;
  }

  private static String from(int number) {
    return "refinement_%d_from".formatted(number);
  }
}

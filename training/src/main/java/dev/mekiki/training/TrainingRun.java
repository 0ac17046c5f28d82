package dev.mekiki.training;

import dev.mekiki.centers.solve.CenterProblem;
import dev.mekiki.centers.solve.CenterSolution;
import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.BundleException;
import dev.mekiki.encoding.bundle.Manifest;
import dev.mekiki.encoding.bundle.Precision;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.InstanceHashing;
import dev.mekiki.encoding.network.ViewMean;
import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.backbone.FineTuningSettings;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.evaluation.Measurement;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.losses.SimilarityLabelSmoothing;
import dev.mekiki.training.network.Inference;
import dev.mekiki.training.network.Inference.BackboneFile;
import dev.mekiki.training.network.TrainedNetwork;
import dev.mekiki.training.stages.BackboneStages;
import dev.mekiki.training.stages.ClassSimilarities;
import dev.mekiki.training.stages.HashSettings;
import dev.mekiki.training.stages.ResidualStages;
import dev.mekiki.training.stages.SimilarityCheckpoint;
import dev.mekiki.training.stages.SimilaritySource;
import dev.mekiki.training.stages.Stages;
import dev.mekiki.training.stages.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One training from labelled images to measured bundles, from scratch or on a frozen backbone, in
/// three stages: a classifier; centers that are as near to each other as the classifier finds their
/// classes alike; and, for each number of bits, a hash network trained toward them.
///
/// Images, order, augmentation, centers and initial weights follow from the seed; the weights
/// themselves may differ in their last digits between machines and thread counts, as floating point
/// sums do. The engine allows one gradient at a time in a process: no two runs beside each other.
public final class TrainingRun {
  private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);

  /// Half the size; what is measured are the rounded weights.
  private static final Precision PRECISION = Precision.FLOAT16;

  private static final int INSTANCE_BITS = HashCode.MAX_BITS;

  private final LabelledImages training;
  private final LabelledImages test;
  private final TrainingSettings settings;
  private final TrainingDevice device;
  private final @Nullable FrozenBackbone backbone;

  /// A training from scratch.
  ///
  /// @param training images to learn from, as large as the network's input
  /// @param test images to measure with, of the same classes
  public TrainingRun(
      LabelledImages training,
      LabelledImages test,
      TrainingSettings settings,
      TrainingDevice device) {
    this(training, test, settings, device, null);
  }

  /// A training of layers on a backbone.
  ///
  /// @param training images to learn from; those of another size than the network's input are
  ///   resized to it
  /// @param test images to measure with, of the same size and classes
  /// @param settings whose architecture is an {@link Architecture.TorchScript}
  /// @param backbone whose features are of the architecture's length
  public TrainingRun(
      LabelledImages training,
      LabelledImages test,
      TrainingSettings settings,
      TrainingDevice device,
      @Nullable FrozenBackbone backbone) {
    boolean onBackbone = settings.classifier().architecture() instanceof Architecture.TorchScript;
    if (onBackbone != (backbone != null)) {
      throw new IllegalArgumentException(
          "network: %s (expected: %s)"
              .formatted(
                  settings.classifier().architecture(),
                  backbone == null ? "a residual one" : "layers on a backbone"));
    }
    if (backbone != null
        && (!settings.classifier().preprocessing().equals(backbone.preprocessing())
            || settings.hash().negatives() > 0)) {
      throw new IllegalArgumentException(
          "preprocessing and negatives: %s, %d (expected: those of the backbone, %s, 0)"
              .formatted(
                  settings.classifier().preprocessing(),
                  settings.hash().negatives(),
                  backbone.preprocessing()));
    }
    int size = onBackbone ? training.side() : settings.classifier().preprocessing().inputSize();
    training.requireTestable(test, size);
    if (settings.similarity() instanceof SimilaritySource.Table table
        && table.similarity().classes() != training.classNames().size()) {
      throw new IllegalArgumentException(
          "similarity: %d classes (expected: %d, those of the images)"
              .formatted(table.similarity().classes(), training.classNames().size()));
    }
    boolean alsoLuma = settings.hash().colour() == Colour.LUMA && !onBackbone;
    if (!alsoLuma && settings.hash().colour() != settings.classifier().preprocessing().colour()) {
      throw new IllegalArgumentException(
          "colour of the hash network: %s (expected: %s%s, the classifier's)"
              .formatted(
                  settings.hash().colour(),
                  onBackbone ? "" : "LUMA, or ",
                  settings.classifier().preprocessing().colour()));
    }
    if (settings.fineTuning() != null && !onBackbone) {
      throw new IllegalArgumentException("fine-tuning: without a backbone");
    }
    this.training = training;
    this.test = test;
    this.settings = settings;
    this.device = device;
    this.backbone = backbone;
  }

  /// Trains and measures.
  ///
  /// @param name of the bundles, for people
  /// @param command that makes these bundles again, for the manifest
  /// @param checkpoints directory that takes one after each epoch; null for none
  /// @param resume whether to go on from what is there
  /// @return one network for each number of bits and each seed
  /// @throws IOException where a checkpoint cannot be read or written, or belongs to another run,
  ///   or the backbone or its features cannot be read
  public TrainingResult run(
      String name,
      String command,
      @Nullable Path checkpoints,
      boolean resume,
      TrainingListener listener)
      throws IOException {
    Stages stages =
        backbone == null
            ? new ResidualStages(training, settings, device)
            : BackboneStages.of(training, test, settings, backbone, device, listener);
    TrainedNetwork classifier =
        stages.classifier(Checkpoints.of(checkpoints, "classifier", resume), listener);
    float[] testLogits = logits(stages.inference(), classifier, test);
    double classifierAccuracy = classifierAccuracy(testLogits);
    log.info("classifier accuracy={}", classifierAccuracy);
    ClassSimilarity similarity =
        similarity(
            stages.inference(), classifier, Checkpoints.of(checkpoints, "similarity", resume));
    List<TrainedBundle> networks = new ArrayList<>();
    for (int bits : settings.bits()) {
      for (int i = 0; i < settings.hashSeeds(); i++) {
        long seed = settings.classifier().seed() + i;
        CenterSolution centers =
            settings.solver().solve(CenterProblem.of(bits, similarity, seed), (done, total) -> {});
        log.info(
            "centers bits={} seed={} solver={} minimum_distance={} target={} loss={} seconds={}",
            bits,
            seed,
            centers.solver(),
            centers.minimumDistance(),
            centers.targetDistance(),
            centers.loss(),
            centers.seconds());
        CenterTable table = new CenterTable(bits, centers.codes(), training.classNames());
        String stage = (i == 0 ? "hash-%d" : "hash-%d-seed-%d").formatted(bits, seed);
        Stages.Hash hash =
            stages.hash(
                classifier,
                table,
                SimilarityLabelSmoothing.targets(similarity, settings.hash().labelSmoothing()),
                seed,
                Checkpoints.of(checkpoints, stage, resume),
                listener);
        TrainedNetwork network = hash.network().over(settings.views()).rounded(PRECISION);
        Measurement measurement = Measurement.of(hash.inference(), network, training, test);
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("classifier_accuracy", classifierAccuracy);
        metrics.put("center_loss", centers.loss());
        metrics.put("map_at_all", measurement.meanAveragePrecision());
        metrics.put(
            "nearest_center_accuracy", test.nearestCenterAccuracy(table, measurement.testCodes()));
        log.info("trained bits={} seed={} metrics={}", bits, seed, metrics);
        networks.add(
            new TrainedBundle(
                bundle(
                    name, command, hash.inference(), network, table, centers, measurement, metrics),
                seed,
                centers,
                measurement.trainingCodes(),
                measurement.testCodes()));
      }
    }
    return new TrainingResult(classifierAccuracy, similarity, networks);
  }

  private ClassSimilarity similarity(
      Inference inference, TrainedNetwork classifier, Checkpoints checkpoints) throws IOException {
    int classes = training.classNames().size();
    return switch (settings.similarity()) {
      case SimilaritySource.Mistakes mistakes ->
          SimilarityCheckpoint.of(
              checkpoints,
              classifier,
              mistakes,
              () ->
                  ClassSimilarities.ofMistakes(
                      logits(inference, classifier, training),
                      training.labels(),
                      classes,
                      mistakes.temperature()));
      case SimilaritySource.MeanFeatures means ->
          SimilarityCheckpoint.of(
              checkpoints,
              classifier,
              means,
              () ->
                  ClassSimilarities.ofFeatures(
                      features(inference, classifier, training), training.labels(), classes));
      // The same everywhere, and the user's to change.
      case SimilaritySource.Table table -> table.similarity();
    };
  }

  private Bundle bundle(
      String name,
      String command,
      Inference inference,
      TrainedNetwork network,
      CenterTable table,
      CenterSolution centers,
      Measurement measurement,
      Map<String, Double> metrics)
      throws BundleException {
    BackboneFile file = inference.backbone();
    return Bundle.of(
        new Bundle.Description(
            name,
            network.architecture(),
            network.preprocessing(),
            new InstanceHashing(
                INSTANCE_BITS, settings.classifier().seed(), measurement.featureMean()),
            network.shapes().stream()
                .map(shape -> new Manifest.Tensor(shape.name(), shape.shape()))
                .toList(),
            PRECISION,
            new Manifest.Training(
                command,
                training.description(),
                settings.classifier().seed(),
                settings.classifier().schedule().epochs() + settings.hash().schedule().epochs(),
                training.size(),
                settingsByName(inference, centers),
                metrics),
            file == null
                ? "Apache-2.0"
                : "Apache-2.0, but for the backbone %s, which has its own".formatted(file.name())),
        table,
        network.weights(),
        file == null ? null : file.bytes());
  }

  private Map<String, String> settingsByName(Inference inference, CenterSolution centers) {
    Map<String, String> byName = new TreeMap<>(inference.settings());
    settings.classifier().schedule().describe("classifier", byName);
    byName.put(
        "classifier_label_smoothing", Float.toString(settings.classifier().labelSmoothing()));
    byName.put("classifier_edit_share", Float.toString(settings.classifier().editShare()));
    byName.put("similarity", settings.similarity().description());
    byName.put("centers", centers.solver());
    byName.put("center_minimum_distance", Integer.toString(centers.minimumDistance()));
    HashSettings hash = settings.hash();
    hash.schedule().describe("hash", byName);
    byName.put("hash_colour", hash.colour().name().toLowerCase(Locale.ROOT));
    byName.put("copies", Integer.toString(hash.copies()));
    byName.put("negatives", Integer.toString(hash.negatives()));
    byName.put("consistency_epoch_share", Float.toString(hash.consistencyEpochShare()));
    byName.put("edit_share", Float.toString(hash.editShare()));
    byName.put("similarity_label_smoothing", Float.toString(hash.labelSmoothing()));
    FineTuningSettings tuning = settings.fineTuning();
    if (tuning != null) {
      tuning.schedule().describe("fine_tuning", byName);
      byName.put("fine_tuning_backbone_peak_rate", Float.toString(tuning.backboneRate()));
    }
    byName.put("bits_weight", Float.toString(hash.weights().bits()));
    byName.put("classes_weight", Float.toString(hash.weights().classes()));
    byName.put("quantisation_weight", Float.toString(hash.weights().quantisation()));
    byName.put("consistency_weight", Float.toString(hash.weights().consistency()));
    byName.put("separation_weight", Float.toString(hash.weights().separation()));
    return byName;
  }

  /// The classifier's outputs before softmax, each the mean over a picture's views: one row of as
  /// many as there are classes for each picture.
  private static float[] logits(
      Inference inference, TrainedNetwork classifier, LabelledImages images) {
    return viewMeans(
        inference, classifier, images, classifier.outputs(), (outputs, features) -> outputs);
  }

  /// The features before the last layer, each the mean over a picture's views.
  private static float[] features(
      Inference inference, TrainedNetwork classifier, LabelledImages images) {
    return viewMeans(
        inference,
        classifier,
        images,
        classifier.architecture().features(),
        (outputs, features) -> features);
  }

  /// @param length of a row
  /// @param choice of what the network says, its outputs or its features
  private static float[] viewMeans(
      Inference inference,
      TrainedNetwork classifier,
      LabelledImages images,
      int length,
      BinaryOperator<float[]> choice) {
    int views = classifier.preprocessing().views().size();
    float[] all = new float[images.size() * length];
    inference.outputs(
        classifier,
        images,
        (from, n, outputs, features) -> {
          float[] said = choice.apply(outputs, features);
          for (int i = 0; i < n; i++) {
            float[] row = ViewMean.features(said, i, views, length);
            System.arraycopy(row, 0, all, (from + i) * length, length);
          }
        });
    return all;
  }

  private int largestLogit(float[] logits, int picture) {
    int classes = training.classNames().size();
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[picture * classes + c] > logits[picture * classes + best]) {
        best = c;
      }
    }
    return best;
  }

  /// Share of the test images of which the class is found.
  ///
  /// @param testLogits of these, one row for each
  private double classifierAccuracy(float[] testLogits) {
    int right = 0;
    for (int i = 0; i < test.size(); i++) {
      if (largestLogit(testLogits, i) == test.labels()[i]) {
        right++;
      }
    }
    return (double) right / test.size();
  }
}

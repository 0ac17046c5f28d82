package dev.mekiki.training.stages;

import ai.djl.ndarray.types.Shape;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.training.backbone.BackboneInference;
import dev.mekiki.training.backbone.BackboneTuning;
import dev.mekiki.training.backbone.FeatureHead;
import dev.mekiki.training.backbone.Features;
import dev.mekiki.training.backbone.FineTuningSettings;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.backbone.HeadTraining;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.losses.CenterLoss;
import dev.mekiki.training.losses.CenterLoss.BatchShape;
import dev.mekiki.training.losses.CrossEntropy;
import dev.mekiki.training.losses.SimilarityLabelSmoothing;
import dev.mekiki.training.network.Inference;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;

/// Layers on a backbone. The features of all pictures, and of one edited copy of each training
/// picture, are computed once, before the first stage; classifier and hash networks are layers of
/// their own on these. Where the backbone is trained, too, it is so after the layers of each hash
/// network, for that network alone.
public final class BackboneStages implements Stages {
  private final LabelledImages training;
  private final LabelledImages test;
  private final TrainingSettings settings;
  private final Architecture.TorchScript architecture;
  private final TrainingDevice device;
  private final BackboneInference inference;
  private final Features edited;

  private BackboneStages(
      LabelledImages training,
      LabelledImages test,
      TrainingSettings settings,
      Architecture.TorchScript architecture,
      TrainingDevice device,
      BackboneInference inference,
      Features edited) {
    this.training = training;
    this.test = test;
    this.settings = settings;
    this.architecture = architecture;
    this.device = device;
    this.inference = inference;
    this.edited = edited;
  }

  /// Computes all features that are not in the cache.
  ///
  /// @throws IOException where the backbone or the cache cannot be read, or the cache not written
  public static BackboneStages of(
      LabelledImages training,
      LabelledImages test,
      TrainingSettings settings,
      FrozenBackbone backbone,
      TrainingDevice device,
      TrainingListener listener)
      throws IOException {
    if (!(settings.classifier().architecture() instanceof Architecture.TorchScript architecture)) {
      throw new IllegalStateException(
          "network: %s (expected: layers on a backbone)"
              .formatted(settings.classifier().architecture()));
    }
    BackboneInference inference = BackboneInference.of(training, test, backbone, device, listener);
    Features edited =
        backbone.editedFeatures(
            training,
            settings.classifier().seed(),
            BackboneInference.progress("features of edited copies", listener));
    if (edited.length() != architecture.features()) {
      throw new IOException(
          "backbone %s: %d features (expected: %d)"
              .formatted(backbone.name(), edited.length(), architecture.features()));
    }
    return new BackboneStages(training, test, settings, architecture, device, inference, edited);
  }

  @Override
  public Inference inference() {
    return inference;
  }

  @Override
  public TrainedNetwork classifier(Checkpoints checkpoints, TrainingListener listener)
      throws IOException {
    ClassifierSettings classifier = settings.classifier();
    int classes = training.classNames().size();
    HeadTraining.Plan plan =
        new HeadTraining.Plan(
            "classifier",
            "classifier on backbone %s of %s, %d pictures: %s"
                .formatted(
                    inference.backbone().sha256(),
                    training.description(),
                    training.size(),
                    classifier),
            classes,
            classifier.schedule(),
            0,
            classifier.editShare(),
            classifier.seed());
    return head(
        plan,
        (outputs, labels, manager) ->
            CrossEntropy.of(
                outputs,
                CrossEntropy.smoothed(manager, labels, classes, classifier.labelSmoothing())),
        checkpoints,
        listener);
  }

  @Override
  public Hash hash(
      TrainedNetwork classifier,
      CenterTable table,
      float[][] targets,
      long seed,
      Checkpoints checkpoints,
      TrainingListener listener)
      throws IOException {
    HashSettings hash = settings.hash();
    int bits = table.bits();
    float[] centers = CenterLoss.rows(table.centers());
    HeadTraining.Plan plan =
        new HeadTraining.Plan(
            "hash, %d bits, seed %d".formatted(bits, seed),
            "hash layers on backbone %s of %s, %d pictures, edits of seed %d, seed %d, %s: targets %s"
                .formatted(
                    inference.backbone().sha256(),
                    training.description(),
                    training.size(),
                    settings.classifier().seed(),
                    seed,
                    hash.checkpointWords(),
                    HashTraining.targetId(classifier, table, targets)),
            bits,
            hash.schedule(),
            hash.copies(),
            hash.editShare(),
            seed);
    FeatureHead.Loss loss =
        (outputs, labels, manager) ->
            new CenterLoss(
                    hash.weights(),
                    new BatchShape(labels.length, Math.min(hash.copies(), labels.length), 0))
                .evaluate(
                    outputs,
                    SimilarityLabelSmoothing.rows(manager, labels, targets),
                    manager.create(centers, new Shape(table.size(), bits)));
    TrainedNetwork layers = head(plan, loss, checkpoints, listener);
    FineTuningSettings tuning = settings.fineTuning();
    if (tuning == null) {
      return new Hash(layers, inference);
    }
    BackboneTuning.Tuned tuned =
        new BackboneTuning(training, inference.frozen(), tuning, plan, loss)
            .run(layers, device, checkpoints.besides("fine-tuned"), listener);
    return new Hash(
        tuned.layers(), BackboneInference.of(training, test, tuned.backbone(), device, listener));
  }

  private TrainedNetwork head(
      HeadTraining.Plan plan,
      FeatureHead.Loss loss,
      Checkpoints checkpoints,
      TrainingListener listener)
      throws IOException {
    return new HeadTraining(training, inference.ofTraining(), edited, plan, loss)
        .run(architecture, inference.frozen().preprocessing(), device, checkpoints, listener);
  }
}

package dev.mekiki.training;

import ai.djl.ndarray.types.Shape;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.training.CenterLoss.BatchShape;
import dev.mekiki.training.TrainingListener.FeatureProgress;
import dev.mekiki.training.TrainingLoop.Checkpoints;
import java.io.IOException;
import java.util.Map;

/// Layers on a frozen backbone. The features of all pictures, and of one edited copy of each
/// training picture, are computed once, before the first stage; classifier and hash networks are
/// layers of their own on these.
final class BackboneStages implements Stages {
  private static final int BATCH = 500;

  private final LabelledImages training;
  private final TrainingSettings settings;
  private final Architecture.TorchScript architecture;
  private final FrozenBackbone backbone;
  private final BackboneFile file;
  private final TrainingDevice device;
  private final Features plain;
  private final Features edited;
  private final Features test;

  private BackboneStages(
      LabelledImages training,
      TrainingSettings settings,
      Architecture.TorchScript architecture,
      FrozenBackbone backbone,
      TrainingDevice device,
      Features plain,
      Features edited,
      Features test)
      throws IOException {
    this.training = training;
    this.settings = settings;
    this.architecture = architecture;
    this.backbone = backbone;
    this.file = new BackboneFile(backbone.name(), backbone.sha256(), backbone.torchScript());
    this.device = device;
    this.plain = plain;
    this.edited = edited;
    this.test = test;
  }

  /// Computes all features that are not in the cache.
  ///
  /// @throws IOException where the backbone or the cache cannot be read, or the cache not written
  static BackboneStages of(
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
    long seed = settings.classifier().seed();
    Features plain = backbone.features(training, progress("features of training images", listener));
    Features edited =
        backbone.editedFeatures(training, seed, progress("features of edited copies", listener));
    Features asked = backbone.features(test, progress("features of test images", listener));
    if (plain.length() != architecture.features()) {
      throw new IOException(
          "backbone %s: %d features (expected: %d)"
              .formatted(backbone.name(), plain.length(), architecture.features()));
    }
    return new BackboneStages(
        training, settings, architecture, backbone, device, plain, edited, asked);
  }

  private static FrozenBackbone.Listener progress(String of, TrainingListener listener) {
    return (done, total) -> listener.featuresDone(new FeatureProgress(of, done, total));
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
                .formatted(file.sha256(), training.description(), training.size(), classifier),
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
  public TrainedNetwork hash(
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
                    file.sha256(),
                    training.description(),
                    training.size(),
                    settings.classifier().seed(),
                    seed,
                    hash,
                    HashTraining.targetId(classifier, table, targets)),
            bits,
            hash.schedule(),
            hash.copies(),
            hash.editShare(),
            seed);
    return head(
        plan,
        (outputs, labels, manager) ->
            new CenterLoss(
                    hash.weights(),
                    new BatchShape(labels.length, Math.min(hash.copies(), labels.length), 0))
                .evaluate(
                    outputs,
                    LabelDoubt.rows(manager, labels, targets),
                    manager.create(centers, new Shape(table.size(), bits))),
        checkpoints,
        listener);
  }

  private TrainedNetwork head(
      HeadTraining.Plan plan,
      FeatureHead.Loss loss,
      Checkpoints checkpoints,
      TrainingListener listener)
      throws IOException {
    return new HeadTraining(training, plain, edited, plan, loss)
        .run(architecture, backbone.preprocessing(), device, checkpoints, listener);
  }

  @Override
  public void outputs(
      TrainedNetwork network, LabelledImages images, NetworkOutputs.Receiver receiver) {
    Features features = images.equals(training) ? plain : test;
    try (FeatureHead head = FeatureHead.of(network, device)) {
      for (int from = 0; from < features.size(); from += BATCH) {
        Features part = features.range(from, Math.min(BATCH, features.size() - from));
        receiver.accept(from, part.size(), flat(head.outputs(part)), flat(part.rows()));
      }
    }
  }

  private static float[] flat(float[][] rows) {
    int length = rows[0].length;
    float[] flat = new float[rows.length * length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * length, length);
    }
    return flat;
  }

  @Override
  public BackboneFile backbone() {
    return file;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "backbone",
        file.name(),
        "backbone_sha256",
        file.sha256(),
        "dropout",
        Float.toString(HeadTraining.DROPOUT));
  }
}

package dev.mekiki.training.backbone;

import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.loop.TrainingListener.FeatureProgress;
import dev.mekiki.training.network.Inference;
import dev.mekiki.training.network.NetworkOutputs;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;
import java.util.Map;

/// Layers on a backbone whose features of all pictures are computed before, or were so by a run
/// before.
public final class BackboneInference implements Inference {
  private static final int BATCH = 500;

  private final LabelledImages training;
  private final FrozenBackbone backbone;
  private final BackboneFile file;
  private final TrainingDevice device;
  private final Features ofTraining;
  private final Features ofTest;

  private BackboneInference(
      LabelledImages training,
      FrozenBackbone backbone,
      TrainingDevice device,
      Features ofTraining,
      Features ofTest)
      throws IOException {
    this.training = training;
    this.backbone = backbone;
    this.file = new BackboneFile(backbone.name(), backbone.sha256(), backbone.torchScript());
    this.device = device;
    this.ofTraining = ofTraining;
    this.ofTest = ofTest;
  }

  /// Computes all features that are not in the cache.
  ///
  /// @throws IOException where the backbone or the cache cannot be read, or the cache not written
  public static BackboneInference of(
      LabelledImages training,
      LabelledImages test,
      FrozenBackbone backbone,
      TrainingDevice device,
      TrainingListener listener)
      throws IOException {
    return new BackboneInference(
        training,
        backbone,
        device,
        backbone.features(training, progress("features of training images", listener)),
        backbone.features(test, progress("features of test images", listener)));
  }

  public static FrozenBackbone.Listener progress(String of, TrainingListener listener) {
    return (done, total) -> listener.featuresDone(new FeatureProgress(of, done, total));
  }

  public FrozenBackbone frozen() {
    return backbone;
  }

  public Features ofTraining() {
    return ofTraining;
  }

  @Override
  public void outputs(
      TrainedNetwork network, LabelledImages images, NetworkOutputs.Receiver receiver) {
    Features features = images.equals(training) ? ofTraining : ofTest;
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

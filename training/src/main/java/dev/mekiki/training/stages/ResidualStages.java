package dev.mekiki.training.stages;

import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.network.Inference;
import dev.mekiki.training.network.ResidualInference;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;

/// A residual network from scratch: its classifier's layers go on into the hash networks.
public final class ResidualStages implements Stages {
  private final LabelledImages training;
  private final TrainingSettings settings;
  private final TrainingDevice device;

  public ResidualStages(LabelledImages training, TrainingSettings settings, TrainingDevice device) {
    this.training = training;
    this.settings = settings;
    this.device = device;
  }

  @Override
  public TrainedNetwork classifier(Checkpoints checkpoints, TrainingListener listener)
      throws IOException {
    return new ClassifierTraining(training, settings.classifier(), device)
        .run(checkpoints, listener);
  }

  @Override
  public Inference inference() {
    return new ResidualInference(device);
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
    TrainedNetwork origin =
        settings.hash().colour() == Colour.LUMA ? classifier.inLuma() : classifier;
    TrainedNetwork network =
        new HashTraining(
                training,
                origin,
                origin.withLastLayer(table.bits(), seed),
                table,
                targets,
                settings.hash(),
                seed,
                device)
            .run(checkpoints, listener);
    return new Hash(network, inference());
  }
}

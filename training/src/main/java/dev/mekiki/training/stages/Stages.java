package dev.mekiki.training.stages;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.network.Inference;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;

/// The first and the third stage of a training, for one kind of network.
public interface Stages {
  /// Trains the classifier through all epochs that are left.
  ///
  /// @throws IOException where a file cannot be read or written, or a checkpoint belongs to another
  ///   run
  TrainedNetwork classifier(Checkpoints checkpoints, TrainingListener listener) throws IOException;

  /// Inference with the classifiers.
  Inference inference();

  /// Trains a hash network toward centers through all epochs that are left.
  ///
  /// @param classifier of the first stage
  /// @param targets one distribution over classes for each class, as {@link
  ///   dev.mekiki.training.losses.SimilarityLabelSmoothing} gives them
  /// @param seed of weights, order and augmentation
  /// @throws IOException like {@link #classifier}
  Hash hash(
      TrainedNetwork classifier,
      CenterTable table,
      float[][] targets,
      long seed,
      Checkpoints checkpoints,
      TrainingListener listener)
      throws IOException;

  /// A hash network.
  ///
  /// @param inference for this network; for no other one where its backbone was trained, too
  record Hash(TrainedNetwork network, Inference inference) {}
}

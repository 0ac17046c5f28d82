package dev.mekiki.training;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.training.TrainingLoop.Checkpoints;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The first and the third stage of a training, for one kind of network, and what networks of that
/// kind say of pictures.
interface Stages {
  /// Trains the classifier through all epochs that are left.
  ///
  /// @throws IOException where a file cannot be read or written, or a checkpoint belongs to another
  ///   run
  TrainedNetwork classifier(Checkpoints checkpoints, TrainingListener listener) throws IOException;

  /// Trains a hash network toward centers through all epochs that are left.
  ///
  /// @param classifier of the first stage
  /// @param targets one distribution over classes for each class, as {@link LabelDoubt} gives them
  /// @param seed of weights, order and augmentation
  /// @throws IOException like {@link #classifier}
  TrainedNetwork hash(
      TrainedNetwork classifier,
      CenterTable table,
      float[][] targets,
      long seed,
      Checkpoints checkpoints,
      TrainingListener listener)
      throws IOException;

  /// Runs pictures through a network, in batches and in their order.
  ///
  /// @param images the training images or the test images
  void outputs(TrainedNetwork network, LabelledImages images, NetworkOutputs.Receiver receiver);

  /// What was not trained but belongs to the networks; null where there is nothing.
  @Nullable BackboneFile backbone();

  /// Settings of this kind of network alone, by name, for the manifest.
  Map<String, String> settings();

  /// A user's TorchScript.
  ///
  /// @param name of the file, without its directory
  /// @param sha256 hexadecimal
  /// @param bytes of the file; not copied
  @SuppressWarnings("ArrayRecordComponent") // megabytes that pass through, never compared
  record BackboneFile(String name, String sha256, byte[] bytes) {}
}

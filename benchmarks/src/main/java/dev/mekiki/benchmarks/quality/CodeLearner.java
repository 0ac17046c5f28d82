package dev.mekiki.benchmarks.quality;

import dev.mekiki.benchmarks.quality.FineTuning.Goal;
import dev.mekiki.benchmarks.quality.RetrievalProtocol.Part;
import dev.mekiki.training.backbone.FeatureHead;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.loop.Schedule;
import dev.mekiki.training.loop.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Learns codes from the training pictures.
interface CodeLearner {
  /// Of the layers on the features. Chosen on the validation split for its MAP at 16 bits: the
  /// bits' loss is a mean over bits and wants a higher rate than the classifier's.
  FeatureHead.Settings HEAD =
      new FeatureHead.Settings(new Schedule(20, 128, 0.2f, 5e-4f, 0.2f), 512, 0.5f);

  /// Trains one network.
  ///
  /// @param bits outputs of the network
  /// @throws IOException if a checkpoint cannot be read or written, or belongs to another run
  Coder learn(Part training, int bits, Goal goal, long seed) throws IOException;

  /// Gives codes to any pictures.
  interface Coder extends AutoCloseable {
    /// One row of outputs for each picture.
    float[][] outputs(Part part);

    @Override
    void close();
  }

  /// Trains layers on the features as they are.
  static CodeLearner onFeatures() {
    return (training, bits, goal, seed) -> {
      FeatureHead head = FeatureHead.train(training.features(), bits, goal.loss(), HEAD, seed);
      return new Coder() {
        @Override
        public float[][] outputs(Part part) {
          return head.outputs(part.features());
        }

        @Override
        public void close() {
          head.close();
        }
      };
    };
  }

  /// Trains the backbone, too, each time from what it is.
  ///
  /// @param checkpoints directory that takes one of each training; null for none
  /// @param resume whether to go on from what is there
  /// @param listener receives the progress of the training
  /// @param encoding receives how many pictures are encoded
  static CodeLearner fineTuned(
      FineTuning tuning,
      @Nullable Path checkpoints,
      boolean resume,
      TrainingListener listener,
      FrozenBackbone.Listener encoding) {
    return (training, bits, goal, seed) -> {
      Checkpoints kept =
          checkpoints == null
              ? Checkpoints.NONE
              : new Checkpoints(checkpoints.resolve(goal.name() + ".checkpoint"), resume);
      FineTuning.Network network =
          tuning.train(
              training.images(), training.features(), bits, goal, HEAD, seed, kept, listener);
      return new Coder() {
        @Override
        public float[][] outputs(Part part) {
          return network.outputs(part.images(), encoding);
        }

        @Override
        public void close() {
          network.close();
        }
      };
    };
  }
}

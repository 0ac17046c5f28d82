package dev.mekiki.training.stages;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.HashNetwork;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.training.augmentation.AugmentedViews;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.data.LabelledSteps;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.loop.TrainingLoop;
import dev.mekiki.training.losses.CrossEntropy;
import dev.mekiki.training.network.NetworkInputs;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;
import java.util.Random;

/// The first stage: a classifier of the training images, from scratch. Its backbone is where the
/// hash network starts, and its mistakes show which classes are alike.
public final class ClassifierTraining {
  private final LabelledImages training;
  private final ClassifierSettings settings;
  private final TrainingDevice device;

  /// @param training images to learn from, as large as the network's input
  /// @param settings of a residual network
  public ClassifierTraining(
      LabelledImages training, ClassifierSettings settings, TrainingDevice device) {
    int size = settings.preprocessing().inputSize();
    if (training.side() != size) {
      throw new IllegalArgumentException(
          "images: %d px (expected: %d, the network's input)".formatted(training.side(), size));
    }
    this.training = training;
    this.settings = settings;
    this.device = device;
  }

  /// Trains all epochs that are left.
  ///
  /// @throws IOException where a checkpoint cannot be read or written, or belongs to another run
  public TrainedNetwork run(Checkpoints checkpoints, TrainingListener listener) throws IOException {
    if (!(settings.architecture() instanceof Architecture.Residual architecture)) {
      throw new IllegalStateException(
          "network: %s (expected: a residual one)".formatted(settings.architecture()));
    }
    Engine engine = PyTorch.start(Runtime.getRuntime().availableProcessors());
    engine.setRandomSeed((int) settings.seed());
    try (Model model = Model.newInstance("classifier", device.device(), "PyTorch")) {
      HashNetwork network = new HashNetwork(architecture, training.classNames().size());
      model.setBlock(network);
      ClassifierObjective objective = new ClassifierObjective();
      new TrainingLoop(model, objective, settings.schedule(), settings.seed())
          .run(
              checkpoints,
              listener,
              () ->
                  network.initialize(
                      model.getNDManager(), DataType.FLOAT32, objective.inputShape()));
      return TrainedNetwork.of(
          architecture, settings.preprocessing(), training.classNames().size(), network);
    }
  }

  /// Cross-entropy toward smoothed labels.
  private final class ClassifierObjective implements TrainingLoop.Objective {
    private final NetworkInputs networkInputs = new NetworkInputs(settings.preprocessing());
    private final LabelledSteps steps =
        new LabelledSteps(training, settings.schedule().batchSize(), settings.seed(), this::inputs);
    private int[] labels = new int[0];

    @Override
    public String stage() {
      return "classifier";
    }

    @Override
    public String run() {
      return "classifier of %s, %d pictures: %s"
          .formatted(training.description(), training.size(), settings);
    }

    @Override
    public Shape inputShape() {
      return networkInputs.shape();
    }

    @Override
    public int stepsPerEpoch() {
      return steps.perEpoch();
    }

    @Override
    public void beginEpoch(int epoch) {
      steps.beginEpoch(epoch);
    }

    @Override
    public NDArray inputs(NDManager manager) {
      LabelledSteps.Step step = steps.next();
      labels = step.labels();
      return networkInputs.of(manager, step.inputs());
    }

    private float[] inputs(int[] images, Random random) {
      AugmentedViews views =
          new AugmentedViews(settings.preprocessing(), random, settings.editShare());
      int viewLength = settings.preprocessing().viewLength();
      float[] inputs = new float[images.length * viewLength];
      for (int row = 0; row < images.length; row++) {
        views.labelled(training.pixels().get(images[row]), inputs, row * viewLength);
      }
      return inputs;
    }

    @Override
    public NDArray loss(NDList outputs, NDManager manager) {
      return CrossEntropy.of(
          outputs.get(0),
          CrossEntropy.smoothed(
              manager, labels, training.classNames().size(), settings.labelSmoothing()));
    }
  }
}

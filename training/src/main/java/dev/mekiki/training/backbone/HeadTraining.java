package dev.mekiki.training.backbone;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.FeatureLayers;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.data.LabelledSteps;
import dev.mekiki.training.loop.Schedule;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.loop.TrainingLoop;
import dev.mekiki.training.losses.CenterLoss.BatchShape;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;
import java.util.Random;

/// One stage on a frozen backbone: the {@link FeatureLayers}, trained on the features of pictures
/// and of an edited copy of each.
public final class HeadTraining {
  /// Share of the units left out in training.
  static final float DROPOUT = 0.5f;

  private final LabelledImages training;
  private final Features plain;
  private final Features edited;
  private final Plan plan;
  private final FeatureHead.Loss loss;

  /// @param training whose labels are learnt
  /// @param plain their features
  /// @param edited the features of an edited copy of each
  /// @param loss of a batch whose rows are the labelled pictures and, after them, edited copies of
  ///   the last of these
  public HeadTraining(
      LabelledImages training, Features plain, Features edited, Plan plan, FeatureHead.Loss loss) {
    this.training = training;
    this.plain = plain;
    this.edited = edited;
    this.plan = plan;
    this.loss = loss;
  }

  /// What is trained, and how.
  ///
  /// @param stage for people
  /// @param run settings and data in words: equal words, equal training
  /// @param outputs of the last layer
  /// @param schedule by batches of labelled pictures
  /// @param copies how many of a step's pictures come in their edited copy too, at most all
  /// @param editShare of the pictures without a copy whose edited copy comes in their place, 0 to 1
  /// @param seed of weights, order and choice
  public record Plan(
      String stage,
      String run,
      int outputs,
      Schedule schedule,
      int copies,
      float editShare,
      long seed) {
    /// Of a step, with no negatives in it.
    ///
    /// @param labelled pictures of known classes
    BatchShape shape(int labelled) {
      return new BatchShape(labelled, Math.min(copies, labelled), 0);
    }
  }

  /// Trains all epochs that are left.
  ///
  /// @throws IOException where a checkpoint cannot be read or written, or belongs to another run
  public TrainedNetwork run(
      Architecture.TorchScript architecture,
      Preprocessing preprocessing,
      TrainingDevice device,
      Checkpoints checkpoints,
      TrainingListener listener)
      throws IOException {
    Engine engine = PyTorch.start(Runtime.getRuntime().availableProcessors());
    engine.setRandomSeed((int) plan.seed());
    try (Model model = Model.newInstance("head", device.device(), "PyTorch")) {
      SequentialBlock layers = FeatureLayers.of(architecture.hidden(), plan.outputs(), DROPOUT);
      model.setBlock(layers);
      HeadObjective objective = new HeadObjective();
      new TrainingLoop(model, objective, plan.schedule(), plan.seed())
          .run(
              checkpoints,
              listener,
              () ->
                  layers.initialize(
                      model.getNDManager(), DataType.FLOAT32, objective.inputShape()));
      return TrainedNetwork.of(architecture, preprocessing, plan.outputs(), layers);
    }
  }

  private final class HeadObjective implements TrainingLoop.Objective {
    private final LabelledSteps steps =
        new LabelledSteps(training, plan.schedule().batchSize(), plan.seed(), this::inputs);
    private final BatchShape shape = plan.shape(steps.size());
    private int[] labels = new int[0];

    @Override
    public String stage() {
      return plan.stage();
    }

    @Override
    public String run() {
      return plan.run();
    }

    @Override
    public Shape inputShape() {
      return new Shape(1, plain.length());
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
      return manager.create(step.inputs(), new Shape(shape.rows(), plain.length()));
    }

    private float[] inputs(int[] images, Random random) {
      float[] inputs = new float[shape.rows() * plain.length()];
      for (int row = 0; row < images.length; row++) {
        if (row < shape.alone()) {
          put(random.nextFloat() < plan.editShare() ? edited : plain, images[row], inputs, row);
        } else {
          put(plain, images[row], inputs, row);
          put(edited, images[row], inputs, shape.copyOf(row));
        }
      }
      return inputs;
    }

    private void put(Features features, int image, float[] inputs, int row) {
      System.arraycopy(features.rows()[image], 0, inputs, row * plain.length(), plain.length());
    }

    @Override
    public NDArray loss(NDList outputs, NDManager manager) {
      return loss.of(outputs.singletonOrThrow(), labels, manager);
    }
  }
}

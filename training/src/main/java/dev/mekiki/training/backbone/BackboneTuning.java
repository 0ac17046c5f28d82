package dev.mekiki.training.backbone;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.FeatureLayers;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessor;
import dev.mekiki.training.augmentation.AugmentedViews;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.data.LabelledSteps;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.loop.TrainingLoop;
import dev.mekiki.training.losses.CenterLoss.BatchShape;
import dev.mekiki.training.network.NetworkInputs;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;
import java.util.Random;

/// Goes on with a stage on a backbone: the layers that were trained on its frozen features, and now
/// the backbone under them, on pictures cropped, mirrored and edited by chance. From random layers
/// the first steps would spoil the backbone (Kumar et al., "Fine-tuning can distort pretrained
/// features", 2022).
public final class BackboneTuning {
  /// Pictures to run it on without learning.
  private static final int FEW = 8;

  private final LabelledImages training;
  private final FrozenBackbone backbone;
  private final FineTuningSettings settings;
  private final HeadTraining.Plan plan;
  private final FeatureHead.Loss loss;

  /// @param plan of the layers' training before; its schedule is not used again
  /// @param loss as in {@link HeadTraining}
  public BackboneTuning(
      LabelledImages training,
      FrozenBackbone backbone,
      FineTuningSettings settings,
      HeadTraining.Plan plan,
      FeatureHead.Loss loss) {
    this.training = training;
    this.backbone = backbone;
    this.settings = settings;
    this.plan = plan;
    this.loss = loss;
  }

  /// What comes of it.
  ///
  /// @param layers on the features of
  /// @param backbone as it is now
  public record Tuned(TrainedNetwork layers, FrozenBackbone backbone) {}

  /// Trains all epochs that are left.
  ///
  /// @param layers as they were trained on frozen features
  /// @throws IOException where the backbone cannot be trained on, or a checkpoint cannot be read or
  ///   written, or belongs to another run
  public Tuned run(
      TrainedNetwork layers,
      TrainingDevice device,
      Checkpoints checkpoints,
      TrainingListener listener)
      throws IOException {
    Engine engine = PyTorch.start(Runtime.getRuntime().availableProcessors());
    engine.setRandomSeed((int) plan.seed());
    Architecture.TorchScript architecture = layers.torchScript();
    SequentialBlock block =
        FeatureLayers.of(architecture.hidden(), plan.outputs(), HeadTraining.DROPOUT);
    try (TrainableBackbone network =
        new TrainableBackbone(backbone.network(), block, device.device())) {
      TuningObjective objective = new TuningObjective(network);
      network.requireSameInTraining(objective::few);
      new TrainingLoop(network.model(), objective, settings.schedule(), plan.seed())
          .run(
              checkpoints,
              listener,
              () ->
                  layers.load(
                      block,
                      network.model().getNDManager(),
                      new Shape(1, architecture.features())));
      return new Tuned(
          TrainedNetwork.of(architecture, layers.preprocessing(), plan.outputs(), block),
          backbone.with(network.torchScript(objective::few)));
    }
  }

  private final class TuningObjective implements TrainingLoop.Objective {
    private final TrainableBackbone network;
    private final Preprocessor preprocessor = new Preprocessor(backbone.preprocessing());
    private final NetworkInputs networkInputs = new NetworkInputs(backbone.preprocessing());
    private final int viewLength = backbone.preprocessing().viewLength();
    private final LabelledSteps steps =
        new LabelledSteps(training, settings.schedule().batchSize(), plan.seed(), this::inputs);
    private final BatchShape shape = plan.shape(steps.size());
    private int[] labels = new int[0];

    TuningObjective(TrainableBackbone network) {
      this.network = network;
    }

    /// Edits are made at the pictures' own size, as in {@link FrozenBackbone}.
    private AugmentedViews views(Random random) {
      return new AugmentedViews(Preprocessing.backbone(training.side()), random, plan.editShare());
    }

    NDArray few(NDManager manager) {
      AugmentedViews views = views(new Random(0));
      float[] pixels = new float[FEW * viewLength];
      for (int i = 0; i < FEW; i++) {
        put(views.plain(training.pixels().get(i % training.size())), pixels, i);
      }
      return networkInputs.of(manager, pixels);
    }

    private void put(float[] picture, float[] target, int row) {
      float[] input = preprocessor.input(preprocessor.resized(picture, training.side()));
      System.arraycopy(input, 0, target, row * viewLength, viewLength);
    }

    @Override
    public String stage() {
      return plan.stage() + ", fine-tuned";
    }

    @Override
    public String run() {
      return "backbone and %s, %s".formatted(plan.run(), settings);
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
    public float rateShare(Parameter parameter) {
      return network.rateShare(parameter, settings);
    }

    @Override
    public NDArray inputs(NDManager manager) {
      LabelledSteps.Step step = steps.next();
      labels = step.labels();
      return networkInputs.of(manager, step.inputs());
    }

    private float[] inputs(int[] images, Random random) {
      AugmentedViews views = views(random);
      float[] inputs = new float[shape.rows() * viewLength];
      for (int row = 0; row < images.length; row++) {
        float[] picture = views.cropped(training.pixels().get(images[row]));
        if (row < shape.alone()) {
          put(views.perhapsEdited(picture), inputs, row);
        } else {
          put(picture, inputs, row);
          put(views.edited(picture), inputs, shape.copyOf(row));
        }
      }
      return inputs;
    }

    @Override
    public NDArray loss(NDList outputs, NDManager manager) {
      return loss.of(outputs.singletonOrThrow(), labels, manager);
    }
  }
}

package dev.mekiki.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.encoding.network.Weights;
import dev.mekiki.training.TrainingLoop.Checkpoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Layers trained on frozen features: normalisation, dropout, a linear layer of `hidden` rectified
/// units, dropout, a linear layer.
final class FeatureHead implements AutoCloseable {
  private static final int BATCH = 500;

  /// Standard deviation of the last layer's weights before the first step.
  private static final float FIRST_WEIGHTS = 0.01f;

  private final Model model;
  private final SequentialBlock block;

  private FeatureHead(Model model, SequentialBlock block) {
    this.model = model;
    this.block = block;
  }

  /// How a head learns.
  ///
  /// @param schedule by batches of pictures
  /// @param hidden units of the layer before the last
  /// @param dropout share of units left out in training, 0 to below 1
  record Settings(Schedule schedule, int hidden, float dropout) {}

  /// What a head learns.
  interface Loss {
    /// The loss of one batch, a scalar.
    ///
    /// @param outputs (labels, outputs) of the head
    NDArray of(NDArray outputs, int[] labels, NDManager manager);
  }

  /// Trains a head.
  ///
  /// @param outputs of the last layer
  static FeatureHead train(Features training, int outputs, Loss loss, Settings settings, long seed)
      throws IOException {
    Engine engine = PyTorch.start(Runtime.getRuntime().availableProcessors());
    engine.setRandomSeed((int) seed);
    Model model = Model.newInstance("head", Device.cpu(), "PyTorch");
    SequentialBlock block = block(outputs, settings);
    model.setBlock(block);
    new TrainingLoop(
            model,
            new Learning(training, loss, settings.schedule(), seed),
            settings.schedule(),
            seed)
        .run(
            Checkpoints.NONE,
            TrainingListener.SILENT,
            () ->
                block.initialize(
                    model.getNDManager(), DataType.FLOAT32, new Shape(1, training.length())));
    return new FeatureHead(model, block);
  }

  /// The layers, not initialised yet.
  static SequentialBlock block(int outputs, Settings settings) {
    // From outputs near 0: from large ones the first steps of a high rate go so far astray that a
    // loss may never come back.
    Linear last = Linear.builder().setUnits(outputs).build();
    last.setInitializer(new NormalInitializer(FIRST_WEIGHTS), Parameter.Type.WEIGHT);
    return new SequentialBlock()
        .add(BatchNorm.builder().build())
        .add(Dropout.builder().optRate(settings.dropout()).build())
        .add(Linear.builder().setUnits(settings.hidden()).build())
        .add(Activation.reluBlock())
        .add(Dropout.builder().optRate(settings.dropout()).build())
        .add(last);
  }

  /// Gives its weights to another of the same layers.
  ///
  /// @param block of {@link #block}, not initialised yet
  /// @param manager that the block's parameters will belong to
  void copyTo(SequentialBlock block, NDManager manager, int features) {
    Weights.load(
        block,
        manager,
        new Shape(1, features),
        Weights.shapes(this.block),
        ByteBuffer.wrap(Weights.toBytes(this.block)));
  }

  /// The outputs for all features, one row each.
  float[][] outputs(Features features) {
    List<float[]> rows = new ArrayList<>(features.size());
    for (int from = 0; from < features.size(); from += BATCH) {
      int n = Math.min(BATCH, features.size() - from);
      try (NDManager manager = model.getNDManager().newSubManager()) {
        float[] inputs = new float[n * features.length()];
        for (int i = 0; i < n; i++) {
          System.arraycopy(
              features.rows()[from + i], 0, inputs, i * features.length(), features.length());
        }
        float[] values =
            block
                .forward(
                    new ParameterStore(manager, false),
                    new NDList(manager.create(inputs, new Shape(n, features.length()))),
                    false)
                .singletonOrThrow()
                .toFloatArray();
        int length = values.length / n;
        for (int i = 0; i < n; i++) {
          rows.add(Arrays.copyOfRange(values, i * length, (i + 1) * length));
        }
      }
    }
    return rows.toArray(float[][]::new);
  }

  @Override
  public void close() {
    model.close();
  }

  private static final class Learning implements TrainingLoop.Objective {
    private final Features training;
    private final Loss loss;
    private final long seed;
    private final float[] batch;
    private final int[] labels;
    private final List<Integer> order = new ArrayList<>();
    private int next;

    Learning(Features training, Loss loss, Schedule schedule, long seed) {
      this.training = training;
      this.loss = loss;
      this.seed = seed;
      this.labels = new int[Math.min(schedule.batchSize(), training.size())];
      this.batch = new float[labels.length * training.length()];
      for (int i = 0; i < training.size(); i++) {
        order.add(i);
      }
    }

    @Override
    public String stage() {
      return "head";
    }

    @Override
    public String run() {
      return "head, %d features, seed %d".formatted(training.size(), seed);
    }

    @Override
    public Shape inputShape() {
      return new Shape(1, training.length());
    }

    @Override
    public int stepsPerEpoch() {
      return training.size() / labels.length;
    }

    @Override
    public void beginEpoch(int epoch) {
      Collections.sort(order);
      Collections.shuffle(order, new Random(seed + epoch));
      next = 0;
    }

    @Override
    public NDArray inputs(NDManager manager) {
      for (int i = 0; i < labels.length; i++) {
        int row = order.get(next++);
        System.arraycopy(training.rows()[row], 0, batch, i * training.length(), training.length());
        labels[i] = training.labels()[row];
      }
      return manager.create(batch, new Shape(labels.length, training.length()));
    }

    @Override
    public NDArray loss(NDList outputs, NDManager manager) {
      return loss.of(outputs.singletonOrThrow(), labels, manager);
    }
  }
}

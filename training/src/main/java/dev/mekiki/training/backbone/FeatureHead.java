package dev.mekiki.training.backbone;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.FeatureLayers;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.encoding.network.Weights;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.loop.Schedule;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.loop.TrainingLoop;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// The {@link FeatureLayers}, trained on frozen features.
public final class FeatureHead implements AutoCloseable {
  private static final int BATCH = 500;

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
  public record Settings(Schedule schedule, int hidden, float dropout) {}

  /// What a head learns.
  public interface Loss {
    /// The loss of one batch, a scalar.
    ///
    /// @param outputs of the head: a row for each label, and whatever else the batch holds after
    ///   these
    NDArray of(NDArray outputs, int[] labels, NDManager manager);

    /// Called before the first batch of each epoch: what is learnt may change with them.
    ///
    /// @param epoch from 1; counted anew where a training goes on with a backbone that learns, too
    default void beginEpoch(int epoch) {}
  }

  /// Trains a head.
  ///
  /// @param outputs of the last layer
  public static FeatureHead train(
      Features training, int outputs, Loss loss, Settings settings, long seed) throws IOException {
    Engine engine = PyTorch.start(Runtime.getRuntime().availableProcessors());
    engine.setRandomSeed((int) seed);
    Model model = Model.newInstance("head", Device.cpu(), "PyTorch");
    SequentialBlock block = FeatureLayers.of(settings.hidden(), outputs, settings.dropout());
    model.setBlock(block);
    new TrainingLoop(
            model,
            new HeadObjective(training, loss, settings.schedule(), seed),
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

  /// Gives its weights to another of the same layers.
  ///
  /// @param block of the same {@link FeatureLayers}, not initialised yet
  /// @param manager that the block's parameters will belong to
  public void copyTo(SequentialBlock block, NDManager manager, int features) {
    Weights.load(
        block,
        manager,
        new Shape(1, features),
        Weights.shapes(this.block),
        ByteBuffer.wrap(Weights.toBytes(this.block)));
  }

  /// A head that was trained before.
  static FeatureHead of(TrainedNetwork network, TrainingDevice device) {
    Architecture.TorchScript architecture = network.torchScript();
    PyTorch.start(Runtime.getRuntime().availableProcessors());
    Model model = Model.newInstance("head", device.device(), "PyTorch");
    SequentialBlock block = FeatureLayers.of(architecture.hidden(), network.outputs(), 0);
    model.setBlock(block);
    Weights.load(
        block,
        model.getNDManager(),
        new Shape(1, architecture.features()),
        network.shapes(),
        ByteBuffer.wrap(network.weights()));
    return new FeatureHead(model, block);
  }

  /// The outputs for all features, one row each.
  public float[][] outputs(Features features) {
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

  private static final class HeadObjective implements TrainingLoop.Objective {
    private final Features training;
    private final Loss loss;
    private final long seed;
    private final float[] batch;
    private final int[] labels;
    private final List<Integer> order = new ArrayList<>();
    private int next;

    HeadObjective(Features training, Loss loss, Schedule schedule, long seed) {
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
      loss.beginEpoch(epoch);
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

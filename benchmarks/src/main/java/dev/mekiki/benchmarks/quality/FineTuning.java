package dev.mekiki.benchmarks.quality;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.encoding.network.FeatureLayers;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.encoding.preprocess.Preprocessor;
import dev.mekiki.training.augmentation.AugmentedViews;
import dev.mekiki.training.backbone.FeatureHead;
import dev.mekiki.training.backbone.Features;
import dev.mekiki.training.backbone.FineTuningSettings;
import dev.mekiki.training.backbone.FrozenBackbone.Listener;
import dev.mekiki.training.backbone.TorchScriptBackbone;
import dev.mekiki.training.backbone.TrainableBackbone;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.loop.TrainingLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Trains a TorchScript backbone together with the layers on it. These start as they were trained
/// on the frozen features: from random layers the first steps would spoil the backbone (Kumar et
/// al., "Fine-tuning can distort pretrained features", 2022). What {@link
/// dev.mekiki.training.backbone.BackboneTuning} does for bundles, for the comparison of methods:
/// nothing edited, no copies.
final class FineTuning {
  private static final int BATCH = 50;

  private final TorchScriptBackbone backbone;
  private final FineTuningSettings settings;
  private final TrainingDevice device;

  FineTuning(TorchScriptBackbone backbone, FineTuningSettings settings, TrainingDevice device) {
    this.backbone = backbone;
    this.settings = settings;
    this.device = device;
  }

  /// What is learnt.
  ///
  /// @param name of the training: method, bits and seed
  /// @param id of the targets: of equal names and ids, the loss is equal
  /// @param loss of the outputs
  record Goal(String name, String id, FeatureHead.Loss loss) {}

  /// Trains all epochs that are left.
  ///
  /// @param images to learn from
  /// @param features that the untrained backbone finds in them, with the classes to learn
  /// @param outputs of the last layer
  /// @param head how its layers are made and first trained
  /// @param checkpoints where the state after each epoch is kept
  /// @throws IOException if backbone or checkpoint cannot be read or written, or do not fit
  Network train(
      LabelledImages images,
      Features features,
      int outputs,
      Goal goal,
      FeatureHead.Settings head,
      long seed,
      Checkpoints checkpoints,
      TrainingListener listener)
      throws IOException {
    Engine engine = PyTorch.start(Runtime.getRuntime().availableProcessors());
    engine.setRandomSeed((int) seed);
    SequentialBlock layers = FeatureLayers.of(head.hidden(), outputs, head.dropout());
    TrainableBackbone network = new TrainableBackbone(backbone, layers, device.device());
    try {
      TuningObjective objective =
          new TuningObjective(network, images, features.labels(), goal, head, seed);
      int few = Math.min(8, images.size());
      network.requireSameInTraining(manager -> inputs(backbone, manager, images, 0, few));
      new TrainingLoop(network.model(), objective, settings.schedule(), seed)
          .run(
              checkpoints,
              listener,
              () -> {
                try (FeatureHead start =
                    FeatureHead.train(features, outputs, goal.loss(), head, seed)) {
                  start.copyTo(layers, network.model().getNDManager(), features.length());
                }
              });
      return new Network(backbone, network);
    } catch (IOException | RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /// A backbone with layers on it, at the end of the training.
  static final class Network implements AutoCloseable {
    private final TorchScriptBackbone backbone;
    private final TrainableBackbone network;

    private Network(TorchScriptBackbone backbone, TrainableBackbone network) {
      this.backbone = backbone;
      this.network = network;
    }

    /// The outputs for all pictures, one row each.
    float[][] outputs(LabelledImages images, Listener listener) {
      List<float[]> rows = new ArrayList<>(images.size());
      for (int first = 0; first < images.size(); first += BATCH) {
        int from = first;
        int n = Math.min(BATCH, images.size() - from);
        float[] values = network.outputs(manager -> inputs(backbone, manager, images, from, n));
        int outputs = values.length / n;
        for (int i = 0; i < n; i++) {
          rows.add(Arrays.copyOfRange(values, i * outputs, (i + 1) * outputs));
        }
        listener.progress(from + n, images.size());
      }
      return rows.toArray(float[][]::new);
    }

    @Override
    public void close() {
      network.close();
    }
  }

  /// @param n pictures, from one on
  private static NDArray inputs(
      TorchScriptBackbone backbone, NDManager manager, LabelledImages images, int from, int n) {
    int length = 3 * images.side() * images.side();
    byte[] pixels = new byte[n * length];
    for (int i = 0; i < n; i++) {
      System.arraycopy(images.pixels().get(from + i), 0, pixels, i * length, length);
    }
    return backbone.inputs(manager, ByteBuffer.wrap(pixels), n, images.side());
  }

  /// The loss of batches of pictures, cropped and mirrored by chance.
  private final class TuningObjective implements TrainingLoop.Objective {
    private final TrainableBackbone network;
    private final LabelledImages images;
    private final int[] classes;
    private final Goal goal;
    private final FeatureHead.Settings head;
    private final long seed;
    private final String data;
    private final int[] labels;
    private final byte[] batch;
    private List<Integer> order = List.of();
    private Random random = new Random(0);
    private int next;

    /// @param classes of the pictures
    TuningObjective(
        TrainableBackbone network,
        LabelledImages images,
        int[] classes,
        Goal goal,
        FeatureHead.Settings head,
        long seed)
        throws IOException {
      this.network = network;
      this.images = images;
      this.classes = classes;
      this.goal = goal;
      this.head = head;
      this.seed = seed;
      this.data = id();
      this.labels = new int[Math.min(settings.schedule().batchSize(), images.size())];
      this.batch = new byte[labels.length * 3 * images.side() * images.side()];
    }

    private String id() throws IOException {
      MessageDigest digest = Sha256Digest.start();
      digest.update(backbone.sha256());
      images.pixels().forEach(digest::update);
      for (int label : classes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(label).flip());
      }
      return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public String stage() {
      return goal.name();
    }

    @Override
    public String run() {
      return "%s toward %s, %d pictures, side %d, seed %d, %s on %s: data %s"
          .formatted(
              goal.name(), goal.id(), images.size(), backbone.side(), seed, settings, head, data);
    }

    @Override
    public Shape inputShape() {
      return new Shape(1, 3, backbone.side(), backbone.side());
    }

    @Override
    public int stepsPerEpoch() {
      return images.size() / labels.length;
    }

    @Override
    public void beginEpoch(int epoch) {
      order = images.shuffled(seed + epoch);
      random = new Random(~(seed + epoch));
      next = 0;
      goal.loss().beginEpoch(epoch);
    }

    @Override
    public float rateShare(Parameter parameter) {
      return network.rateShare(parameter, settings);
    }

    @Override
    public NDArray inputs(NDManager manager) {
      for (int i = 0; i < labels.length; i++) {
        int image = order.get(next++);
        crop(images.pixels().get(image), i * 3 * images.side() * images.side());
        labels[i] = classes[image];
      }
      return backbone.inputs(manager, ByteBuffer.wrap(batch), labels.length, images.side());
    }

    /// Writes a picture into the batch, off the middle and mirrored by chance, its border
    /// reflected.
    private void crop(byte[] picture, int offset) {
      int shiftX = random.nextInt(2 * AugmentedViews.MARGIN + 1) - AugmentedViews.MARGIN;
      int shiftY = random.nextInt(2 * AugmentedViews.MARGIN + 1) - AugmentedViews.MARGIN;
      boolean mirrored = random.nextBoolean();
      int side = images.side();
      int target = offset;
      for (int y = 0; y < side; y++) {
        int row = Preprocessor.reflect(y + shiftY, side) * side;
        for (int x = 0; x < side; x++) {
          int source =
              3 * (row + Preprocessor.reflect((mirrored ? side - 1 - x : x) + shiftX, side));
          batch[target++] = picture[source];
          batch[target++] = picture[source + 1];
          batch[target++] = picture[source + 2];
        }
      }
    }

    @Override
    public NDArray loss(NDList outputs, NDManager manager) {
      return goal.loss().of(outputs.singletonOrThrow(), labels, manager);
    }
  }
}

package dev.mekiki.training;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.encoding.Sha256Digest;
import dev.mekiki.encoding.network.HashNetwork;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.CenterLoss.BatchShape;
import dev.mekiki.training.TrainingLoop.Checkpoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// The third stage: the classifier's backbone with a hash layer, trained toward the centers.
final class HashTraining {
  private final LabelledImages training;
  private final TrainedNetwork classifier;
  private final CenterTable table;
  private final float[][] targets;
  private final HashSettings settings;
  private final long seed;
  private final TrainingDevice device;

  /// @param targets one distribution over classes for each class, as {@link LabelDoubt} gives them
  /// @param seed of the hash layer's weights, order and augmentation
  HashTraining(
      LabelledImages training,
      TrainedNetwork classifier,
      CenterTable table,
      float[][] targets,
      HashSettings settings,
      long seed,
      TrainingDevice device) {
    this.training = training;
    this.classifier = classifier;
    this.table = table;
    this.targets = targets;
    this.settings = settings;
    this.seed = seed;
    this.device = device;
  }

  /// What the stage learns toward in few words: the classifier's weights, the centers and what
  /// labels are taken to say, hashed.
  static String targetId(TrainedNetwork classifier, CenterTable table, float[][] targets) {
    MessageDigest digest = Sha256Digest.start();
    digest.update(classifier.weights());
    update(digest, table.centers());
    for (float[] row : targets) {
      for (float target : row) {
        digest.update(ByteBuffer.allocate(Float.BYTES).putFloat(target).flip());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Hashes centers.
  static void update(MessageDigest digest, List<HashCode> centers) {
    for (HashCode center : centers) {
      digest.update(center.toHex().getBytes(StandardCharsets.US_ASCII));
    }
  }

  /// Trains all epochs that are left.
  ///
  /// @throws IOException where a checkpoint cannot be read or written, or belongs to another run
  TrainedNetwork run(Checkpoints checkpoints, TrainingListener listener) throws IOException {
    PyTorch.start(Runtime.getRuntime().availableProcessors());
    try (Model model = Model.newInstance("hash", device.device(), "PyTorch")) {
      HashNetwork network = new HashNetwork(classifier.residual(), table.bits());
      model.setBlock(network);
      Learning learning = new Learning();
      TrainedNetwork start = classifier.withLastLayer(table.bits(), seed);
      new TrainingLoop(model, learning, settings.schedule(), seed)
          .run(
              checkpoints,
              listener,
              () -> start.load(network, model.getNDManager(), learning.inputShape()));
      return TrainedNetwork.of(
          classifier.architecture(), classifier.preprocessing(), table.bits(), network);
    }
  }

  /// {@link CenterLoss} of batches of labelled pictures, strangers and edited copies.
  private final class Learning implements TrainingLoop.Objective {
    private final NetworkInputs networkInputs = new NetworkInputs(classifier.preprocessing());
    private final int viewLength = classifier.preprocessing().viewLength();
    private final BatchShape shape;
    private final CenterLoss loss;
    private final float[] centers = CenterLoss.rows(table.centers());
    private final float[] batch;
    private final int[] labels;
    private List<Integer> order = List.of();
    private TrainingViews views = views(0);
    private int next;

    Learning() {
      int labelled = Math.min(settings.schedule().batchSize(), training.size());
      shape = new BatchShape(labelled, Math.min(settings.copies(), labelled), settings.strangers());
      loss = new CenterLoss(settings.weights(), shape);
      batch = new float[shape.rows() * viewLength];
      labels = new int[labelled];
    }

    @Override
    public String stage() {
      return "hash, %d bits, seed %d".formatted(table.bits(), seed);
    }

    @Override
    public String run() {
      return "hash network of %s, %d pictures, seed %d, %s: targets %s"
          .formatted(
              training.description(),
              training.size(),
              seed,
              settings,
              targetId(classifier, table, targets));
    }

    @Override
    public Shape inputShape() {
      return networkInputs.shape();
    }

    @Override
    public int stepsPerEpoch() {
      return training.balancedSize() / shape.labelled();
    }

    @Override
    public void beginEpoch(int epoch) {
      order = training.balanced(seed + epoch);
      views = views(epoch);
      next = 0;
    }

    @Override
    public NDArray inputs(NDManager manager) {
      for (int i = 0; i < shape.labelled(); i++) {
        int image = order.get(next++);
        byte[] picture = training.pixels().get(image);
        labels[i] = training.labels()[image];
        int copy = i - (shape.labelled() - shape.copies());
        if (copy < 0) {
          views.labelled(picture, batch, i * viewLength);
        } else {
          views.pair(picture, batch, i * viewLength, (shape.edited() + copy) * viewLength);
        }
      }
      for (int i = 0; i < shape.strangers(); i++) {
        views.stranger(
            training.pixels(),
            batch,
            (shape.labelled() + i) * viewLength,
            (shape.edited() + shape.copies() + i) * viewLength);
      }
      return networkInputs.of(manager, batch);
    }

    @Override
    public NDArray loss(NDList outputs, NDManager manager) {
      return loss.evaluate(
          outputs.get(0),
          LabelDoubt.rows(manager, labels, targets),
          manager.create(centers, new Shape(table.size(), table.bits())));
    }

    private TrainingViews views(int epoch) {
      return new TrainingViews(
          classifier.preprocessing(), new Random(~(seed + epoch)), settings.editShare());
    }
  }
}

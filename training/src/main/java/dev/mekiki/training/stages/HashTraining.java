package dev.mekiki.training.stages;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.encoding.network.HashNetwork;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.augmentation.AugmentedViews;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.data.LabelledSteps;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.loop.TrainingLoop;
import dev.mekiki.training.losses.CenterLoss;
import dev.mekiki.training.losses.CenterLoss.BatchShape;
import dev.mekiki.training.losses.SimilarityLabelSmoothing;
import dev.mekiki.training.network.NetworkInputs;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// A network with a hash layer, trained toward centers: the third stage of a training, or a network
/// trained further.
public final class HashTraining {
  private final LabelledImages training;
  private final TrainedNetwork origin;
  private final TrainedNetwork start;
  private final CenterTable table;
  private final float[][] targets;
  private final HashSettings settings;
  private final long seed;
  private final TrainingDevice device;

  /// @param origin by whose weights a checkpoint knows whose it is
  /// @param start what is trained, of as many outputs as bits: the origin, or it with another last
  ///   layer
  /// @param table a center for each class of the images, in their order
  /// @param targets one distribution over classes for each class, as {@link
  ///   SimilarityLabelSmoothing} gives them
  /// @param seed of order and augmentation
  public HashTraining(
      LabelledImages training,
      TrainedNetwork origin,
      TrainedNetwork start,
      CenterTable table,
      float[][] targets,
      HashSettings settings,
      long seed,
      TrainingDevice device) {
    this.training = training;
    this.origin = origin;
    this.start = start;
    this.table = table;
    this.targets = targets;
    this.settings = settings;
    this.seed = seed;
    this.device = device;
  }

  /// What the stage learns toward in few words: the weights it began with, the centers and what
  /// labels are taken to say, hashed.
  static String targetId(TrainedNetwork origin, CenterTable table, float[][] targets) {
    MessageDigest digest = Sha256Digest.start();
    digest.update(origin.weights());
    update(digest, table.centers());
    for (float[] row : targets) {
      for (float target : row) {
        digest.update(ByteBuffer.allocate(Float.BYTES).putFloat(target).flip());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Hashes centers.
  public static void update(MessageDigest digest, List<HashCode> centers) {
    for (HashCode center : centers) {
      digest.update(center.toHex().getBytes(StandardCharsets.US_ASCII));
    }
  }

  /// Trains all epochs that are left.
  ///
  /// @throws IOException where a checkpoint cannot be read or written, or belongs to another run
  public TrainedNetwork run(Checkpoints checkpoints, TrainingListener listener) throws IOException {
    PyTorch.start(Runtime.getRuntime().availableProcessors());
    try (Model model = Model.newInstance("hash", device.device(), "PyTorch")) {
      HashNetwork network = new HashNetwork(start.residual(), table.bits());
      model.setBlock(network);
      HashObjective objective = new HashObjective();
      new TrainingLoop(model, objective, settings.schedule(), seed)
          .run(
              checkpoints,
              listener,
              () -> start.load(network, model.getNDManager(), objective.inputShape()));
      return TrainedNetwork.of(start.architecture(), start.preprocessing(), table.bits(), network);
    }
  }

  /// {@link CenterLoss} of batches of labelled pictures, negatives and edited copies.
  private final class HashObjective implements TrainingLoop.Objective {
    private final NetworkInputs networkInputs = new NetworkInputs(start.preprocessing());
    private final int viewLength = start.preprocessing().viewLength();
    private final float[] centers = CenterLoss.rows(table.centers());
    private final LabelledSteps steps =
        new LabelledSteps(training, settings.schedule().batchSize(), seed, this::inputs);
    private BatchShape shape = shape(1);
    private int[] labels = new int[0];

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
              settings.checkpointWords(),
              targetId(origin, table, targets));
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
      shape = shape(epoch);
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
          new AugmentedViews(start.preprocessing(), random, settings.editShare());
      float[] inputs = new float[shape.rows() * viewLength];
      for (int row = 0; row < images.length; row++) {
        byte[] picture = training.pixels().get(images[row]);
        if (row < shape.alone()) {
          views.labelled(picture, inputs, row * viewLength);
        } else {
          views.pair(picture, inputs, row * viewLength, shape.copyOf(row) * viewLength);
        }
      }
      for (int i = 0; i < shape.negatives(); i++) {
        int row = shape.labelled() + i;
        views.negative(training.pixels(), inputs, row * viewLength, shape.copyOf(row) * viewLength);
      }
      return inputs;
    }

    @Override
    public NDArray loss(NDList outputs, NDManager manager) {
      return new CenterLoss(settings.weights(), shape)
          .evaluate(
              outputs.get(0),
              SimilarityLabelSmoothing.rows(manager, labels, targets),
              manager.create(centers, new Shape(table.size(), table.bits())));
    }

    private BatchShape shape(int epoch) {
      return settings.trainsConsistency(epoch)
          ? new BatchShape(
              steps.size(), Math.min(settings.copies(), steps.size()), settings.negatives())
          : new BatchShape(steps.size(), 0, 0);
    }
  }
}

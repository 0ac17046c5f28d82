package dev.mekiki.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.BundleException;
import dev.mekiki.encoding.bundle.Manifest;
import dev.mekiki.encoding.network.HashNetwork;
import dev.mekiki.encoding.network.InstanceHashing;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.encoding.network.ViewMean;
import dev.mekiki.encoding.network.Weights;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.center.RandomCenters;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.TrainingListener.Progress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One training from labelled images to a measured bundle. Images, order, augmentation, centers and
/// initial weights follow from the seed; the weights themselves may differ in their last digits
/// between machines and thread counts, as floating point sums do.
///
/// The engine allows one gradient at a time in a process: no two runs beside each other.
public final class TrainingRun {
  private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);
  private static final int MEASURING_BATCH = 250;
  private static final int INSTANCE_BITS = HashCode.MAX_BITS;

  private final LabelledImages training;
  private final LabelledImages test;
  private final TrainingSettings settings;

  /// @param training images to learn from, as large as the network's input
  /// @param test images to measure with, of the same classes
  public TrainingRun(LabelledImages training, LabelledImages test, TrainingSettings settings) {
    int size = settings.preprocessing().inputSize();
    if (training.side() != size || test.side() != size) {
      throw new IllegalArgumentException(
          "images: %d and %d px (expected: %d, the network's input)"
              .formatted(training.side(), test.side(), size));
    }
    if (!training.classNames().equals(test.classNames())) {
      throw new IllegalArgumentException("classes: the test images have others than the training");
    }
    if (training.size() < settings.schedule().batchSize() || test.size() == 0) {
      throw new IllegalArgumentException(
          "images: %d and %d for testing (expected: at least a batch of %d, and 1)"
              .formatted(training.size(), test.size(), settings.schedule().batchSize()));
    }
    this.training = training;
    this.test = test;
    this.settings = settings;
  }

  /// Trains and measures.
  ///
  /// @param name of the bundle, for people
  /// @param command that makes this bundle again, for the manifest
  /// @throws BundleException never for a run that went well; where shapes do not fit it is a defect
  public Bundle run(String name, String command, TrainingListener listener) throws BundleException {
    Engine engine = PyTorch.start(Runtime.getRuntime().availableProcessors());
    engine.setRandomSeed((int) settings.seed());
    RandomCenters.Result centers =
        RandomCenters.generate(settings.bits(), training.classNames().size(), settings.seed());
    CenterTable table = new CenterTable(settings.bits(), centers.codes(), training.classNames());
    try (Model model = Model.newInstance("mekiki", Device.cpu(), "PyTorch")) {
      HashNetwork network = new HashNetwork(settings.architecture(), settings.bits());
      model.setBlock(network);
      train(model, table, listener);
      Measurement measurement = measure(model, network);
      Map<String, Double> metrics = new TreeMap<>();
      metrics.put("map_at_all", measurement.meanAveragePrecision());
      metrics.put("nearest_center_accuracy", accuracy(table, measurement.codes()));
      log.info("trained metrics={}", metrics);
      return Bundle.of(
          new Bundle.Description(
              name,
              settings.architecture(),
              settings.preprocessing(),
              new InstanceHashing(INSTANCE_BITS, settings.seed(), measurement.featureMean()),
              Weights.shapes(network).stream()
                  .map(shape -> new Manifest.Tensor(shape.name(), shape.shape()))
                  .toList(),
              new Manifest.Training(
                  command,
                  training.description(),
                  settings.seed(),
                  settings.epochs(),
                  training.size(),
                  settingsByName(centers),
                  metrics),
              "Apache-2.0"),
          table,
          Weights.toBytes(network));
    }
  }

  private Map<String, String> settingsByName(RandomCenters.Result centers) {
    TrainingSettings.Schedule schedule = settings.schedule();
    TrainingSettings.LossWeights weights = settings.weights();
    return Map.ofEntries(
        Map.entry("batch_size", Integer.toString(schedule.batchSize())),
        Map.entry("strangers", Integer.toString(schedule.strangers())),
        Map.entry("optimizer", "AdamW, linear warm-up, cosine"),
        Map.entry("peak_rate", Float.toString(schedule.peakRate())),
        Map.entry("weight_decay", Float.toString(schedule.weightDecay())),
        Map.entry("warm_up", Float.toString(schedule.warmUp())),
        Map.entry("bits_weight", Float.toString(weights.bits())),
        Map.entry("classes_weight", Float.toString(weights.classes())),
        Map.entry("quantisation_weight", Float.toString(weights.quantisation())),
        Map.entry("consistency_weight", Float.toString(weights.consistency())),
        Map.entry("separation_weight", Float.toString(weights.separation())),
        Map.entry("centers", "random"),
        Map.entry("center_minimum_distance", Integer.toString(centers.minimumDistance())));
  }

  private void train(Model model, CenterTable table, TrainingListener listener) {
    TrainingSettings.Schedule schedule = settings.schedule();
    int batchSize = schedule.batchSize();
    int stepsPerEpoch = training.size() / batchSize;
    int steps = stepsPerEpoch * settings.epochs();
    Optimizer optimizer =
        Optimizer.adamW()
            .optLearningRateTracker((parameter, update) -> schedule.rate(update, steps))
            .optWeightDecays(schedule.weightDecay())
            .build();
    // The loss is computed by CenterLoss, which needs both views at once; the trainer only wants
    // one.
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.l2Loss())
            .optOptimizer(optimizer)
            .optDevices(new Device[] {Device.cpu()});
    int strangers = schedule.strangers();
    int rows = batchSize + 2 * strangers;
    CenterLoss centerLoss = new CenterLoss(settings.weights(), batchSize, strangers);
    TrainingViews views =
        new TrainingViews(settings.preprocessing(), new Random(settings.seed()), 0.5f);
    int viewLength = settings.preprocessing().viewLength();
    float[] inputs = new float[rows * viewLength];
    int[] labels = new int[batchSize];
    int step = 0;
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(inputShape(1));
      for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
        List<Integer> order = training.shuffled(settings.seed() + epoch);
        double lossOfEpoch = 0;
        for (int batch = 0; batch < stepsPerEpoch; batch++) {
          for (int i = 0; i < batchSize; i++) {
            int image = order.get(batch * batchSize + i);
            views.labelled(training.pixels().get(image), inputs, i * viewLength);
            labels[i] = training.labels()[image];
          }
          for (int i = batchSize; i < batchSize + strangers; i++) {
            views.stranger(training.pixels(), inputs, i * viewLength, (strangers + i) * viewLength);
          }
          float loss = step(trainer, centerLoss, inputs, labels, table);
          lossOfEpoch += loss;
          step++;
          listener.stepDone(new Progress(epoch, settings.epochs(), step, steps), loss);
        }
        listener.epochDone(
            new Progress(epoch, settings.epochs(), step, steps), lossOfEpoch / stepsPerEpoch);
      }
    }
  }

  private float step(
      Trainer trainer, CenterLoss centerLoss, float[] inputs, int[] labels, CenterTable table) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      NDArray images = images(manager, inputs);
      NDArray classes = classes(manager, labels, table.size());
      NDArray centers = centers(manager, table);
      float value;
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList outputs = trainer.forward(new NDList(images));
        NDArray loss = centerLoss.evaluate(outputs.get(0), classes, centers);
        loss.attach(manager);
        outputs.attach(manager);
        collector.backward(loss);
        value = loss.getFloat();
      }
      if (!Float.isFinite(value)) {
        throw new IllegalStateException(
            "loss: %f (expected: finite); train again with a lower peak rate".formatted(value));
      }
      trainer.step();
      return value;
    }
  }

  /// One row with a single 1 for each label.
  private static NDArray classes(NDManager manager, int[] labels, int count) {
    float[] rows = new float[labels.length * count];
    for (int i = 0; i < labels.length; i++) {
      rows[i * count + labels[i]] = 1;
    }
    return manager.create(rows, new Shape(labels.length, count));
  }

  private static NDArray centers(NDManager manager, CenterTable table) {
    float[] rows = new float[table.size() * table.bits()];
    for (int center = 0; center < table.size(); center++) {
      for (int bit = 0; bit < table.bits(); bit++) {
        rows[center * table.bits() + bit] = table.center(center).bit(bit) ? 1 : -1;
      }
    }
    return manager.create(rows, new Shape(table.size(), table.bits()));
  }

  /// Pictures with their channels last, seen as channels first: convolutions on a CPU run a quarter
  /// faster on this layout, and the engine has no call for it.
  private NDArray images(NDManager manager, float[] inputs) {
    int size = settings.preprocessing().inputSize();
    int channels = settings.preprocessing().colour().channels();
    long n = inputs.length / settings.preprocessing().viewLength();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(inputs.length * Float.BYTES).order(ByteOrder.nativeOrder());
    FloatBuffer floats = bytes.asFloatBuffer();
    floats.put(inputs);
    return manager
        .create(floats.rewind(), new Shape(n, size, size, channels))
        .transpose(0, 3, 1, 2);
  }

  private Shape inputShape(int n) {
    int size = settings.preprocessing().inputSize();
    return new Shape(n, settings.preprocessing().colour().channels(), size, size);
  }

  private Measurement measure(Model model, HashNetwork network) {
    double[] featureSum = new double[settings.architecture().features()];
    List<HashCode> database = codes(model, network, training, featureSum);
    List<Float> featureMean = new ArrayList<>();
    for (double sum : featureSum) {
      featureMean.add((float) (sum / training.size()));
    }
    List<HashCode> queries = codes(model, network, test, new double[featureSum.length]);
    double map = new MeanAveragePrecision(database, training.labels()).of(queries, test.labels());
    return new Measurement(map, featureMean, queries);
  }

  private List<HashCode> codes(
      Model model, HashNetwork network, LabelledImages images, double[] featureSum) {
    TrainingViews inputsOf = new TrainingViews(settings.preprocessing(), new Random(0), 0);
    int views = settings.preprocessing().views().size();
    int inputLength = views * settings.preprocessing().viewLength();
    List<HashCode> codes = new ArrayList<>();
    for (int from = 0; from < images.size(); from += MEASURING_BATCH) {
      int n = Math.min(MEASURING_BATCH, images.size() - from);
      float[] inputs = new float[n * inputLength];
      for (int i = 0; i < n; i++) {
        float[] input = inputsOf.serving(images.pixels().get(from + i));
        System.arraycopy(input, 0, inputs, i * inputLength, inputLength);
      }
      try (NDManager manager = model.getNDManager().newSubManager()) {
        NDList outputs =
            network.forward(
                new ParameterStore(manager, false), new NDList(images(manager, inputs)), false);
        float[] values = outputs.get(0).toFloatArray();
        float[] features = outputs.get(1).toFloatArray();
        for (int i = 0; i < n; i++) {
          codes.add(HashCode.fromOutputs(ViewMean.hash(values, i, views, settings.bits())));
        }
        for (int i = 0; i < features.length; i++) {
          featureSum[i % featureSum.length] += features[i] / views;
        }
      }
    }
    return codes;
  }

  /// Share of the test images whose nearest center is that of their class.
  private double accuracy(CenterTable table, List<HashCode> codes) {
    int right = 0;
    for (int i = 0; i < codes.size(); i++) {
      if (table.cell(codes.get(i)).center() == test.labels()[i]) {
        right++;
      }
    }
    return (double) right / codes.size();
  }

  /// What a trained network does.
  ///
  /// @param meanAveragePrecision of the test images against the training images
  /// @param featureMean over the training images
  /// @param codes of the test images
  private record Measurement(
      double meanAveragePrecision, List<Float> featureMean, List<HashCode> codes) {}
}

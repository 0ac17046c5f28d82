package dev.mekiki.training.adaptation;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.Manifest;
import dev.mekiki.encoding.network.HashNetwork;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.encoding.network.ViewMean;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import dev.mekiki.encoding.preprocess.Preprocessor;
import dev.mekiki.training.augmentation.RandomEdits;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.data.UnlabelledImages;
import dev.mekiki.training.loop.Schedule;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.loop.TrainingListener.FeatureProgress;
import dev.mekiki.training.loop.TrainingLoop;
import dev.mekiki.training.losses.AdaptationLoss;
import dev.mekiki.training.network.NetworkInputs;
import dev.mekiki.training.network.NetworkOutputs;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A pass without labels over pictures unlike those that a network was trained on: they and their
/// edited copies learn the codes that the network gave them before, so that outputs which lay close
/// to 0, where any edit turns them over, come to lie far from it.
///
/// The codes learnt are those of outputs averaged over {@link #TEACHING_VIEWS}, the steadiest that
/// the network can say of a picture. *Kept* pictures, such as those it was trained on, hold it
/// where it was for others. Centers stay as they are. The network is another one afterwards: images
/// indexed before must be indexed anew.
public final class Adaptation {
  /// What the codes that are learnt are averaged over.
  private static final List<View> TEACHING_VIEWS =
      List.of(
          View.WHOLE,
          View.MIRRORED,
          View.TRIMMED_6,
          View.TRIMMED_6_MIRRORED,
          View.TRIMMED_12,
          View.TRIMMED_12_MIRRORED,
          View.TRIMMED_18,
          View.TRIMMED_18_MIRRORED);

  /// Source pixels for one of the input's: edits smaller than a pixel of the input are seen.
  private static final int ENLARGEMENT = 5;

  /// Of the weights' size, what they shrink by for a unit of rate, as in training.
  private static final float WEIGHT_DECAY = 5e-4f;

  private static final float WARM_UP = 0.1f;

  /// Of the kept pictures, how many are looked at, drawn by the seed: what they hold is the
  /// network, not each of their codes.
  private static final int MAX_KEPT = 20_000;

  private final Bundle bundle;
  private final UnlabelledImages images;
  private final UnlabelledImages kept;
  private final List<View> views;
  private final AdaptationSettings settings;
  private final TrainingDevice device;

  /// @param images of {@link #side}, at least one
  /// @param kept pictures whose codes are to stay, of any side; may be none
  /// @param views what the codes of the new network are averaged over
  /// @throws IllegalArgumentException where the network is one on a backbone, or there are no
  ///   images
  public Adaptation(
      Bundle bundle,
      UnlabelledImages images,
      @Nullable UnlabelledImages kept,
      List<View> views,
      AdaptationSettings settings,
      TrainingDevice device) {
    TrainedNetwork.requireResidual(bundle);
    if (images.size() == 0) {
      throw new IllegalArgumentException("images: none (expected: at least 1)");
    }
    this.bundle = bundle;
    this.images = images;
    this.kept =
        kept == null
            ? new UnlabelledImages("no other pictures", 1, images.colour(), List.of())
            : kept;
    this.views = List.copyOf(views);
    this.settings = settings;
    this.device = device;
  }

  /// The side of the pictures that are edited, pixels.
  ///
  /// @throws IllegalArgumentException where the bundle's network cannot be adapted
  public static int side(Bundle bundle) {
    TrainedNetwork.requireResidual(bundle);
    return ENLARGEMENT * bundle.manifest().preprocessing().inputSize();
  }

  /// Adapts the network.
  ///
  /// @param name of the new bundle
  /// @param command that makes it
  /// @throws IOException never by itself: nothing is read or written
  public Bundle run(String name, String command, TrainingListener listener) throws IOException {
    PyTorch.start(Runtime.getRuntime().availableProcessors());
    TrainedNetwork before = TrainedNetwork.of(bundle);
    TrainedNetwork after;
    try (Model model = Model.newInstance("adapt", device.device(), "PyTorch")) {
      HashNetwork network = new HashNetwork(before.residual(), before.outputs());
      model.setBlock(network);
      AdaptationObjective objective = new AdaptationObjective(before, listener);
      Schedule schedule =
          new Schedule(
              1, Math.max(2, settings.pictures()), settings.peakRate(), WEIGHT_DECAY, WARM_UP);
      new TrainingLoop(model, objective, schedule, settings.seed())
          .run(
              Checkpoints.NONE,
              listener,
              () -> before.load(network, model.getNDManager(), objective.inputShape()));
      TrainedNetwork learnt =
          TrainedNetwork.of(
              before.architecture(), before.preprocessing(), before.outputs(), network);
      after =
          before
              .toward(learnt, settings.share())
              .over(views)
              .rounded(bundle.manifest().precision());
    }
    return bundle(name, command, after, listener);
  }

  private Bundle bundle(
      String name, String command, TrainedNetwork network, TrainingListener listener)
      throws IOException {
    Manifest manifest = bundle.manifest();
    Manifest.Training training = manifest.training();
    Map<String, String> all = new HashMap<>(training.settings());
    all.put("adapted_from", manifest.networkId());
    all.put("adapted_to", "%d pictures, %s".formatted(images.size(), images.description()));
    all.put("adaptation_kept", "%d pictures, %s".formatted(kept.size(), kept.description()));
    all.put("adaptation_steps", Integer.toString(settings.steps()));
    all.put("adaptation_pictures_in_a_step", Integer.toString(settings.pictures()));
    all.put("adaptation_kept_in_a_step", Integer.toString(settings.kept()));
    all.put("adaptation_peak_rate", Float.toString(settings.peakRate()));
    all.put("adaptation_quantisation_weight", Float.toString(settings.quantisation()));
    all.put("adaptation_keeping_weight", Float.toString(settings.keeping()));
    all.put("adaptation_share", Float.toString(settings.share()));
    all.put("adaptation_seed", Long.toString(settings.seed()));
    return network.inPlaceOf(
        bundle,
        name,
        featureMean(network, listener),
        new Manifest.Training(
            command,
            training.data(),
            training.seed(),
            training.epochs(),
            training.images(),
            all,
            // What was measured, was so of the network before.
            Map.of()));
  }

  /// The mean over the pictures adapted to, because instance codes must distinguish these.
  private List<Float> featureMean(TrainedNetwork network, TrainingListener listener) {
    int features = network.architecture().features();
    double[] sums = new double[features];
    RandomEdits pictures = new RandomEdits(network.preprocessing(), new Random(0));
    NetworkOutputs.of(
        network,
        images.size(),
        image -> pictures.serving(images.pixels().get(image), images.side()),
        device,
        (from, n, outputs, values) -> {
          for (int i = 0; i < values.length; i++) {
            sums[i % features] += values[i];
          }
          listener.featuresDone(
              new FeatureProgress("features of pictures", from + n, images.size()));
        });
    double rows = (double) images.size() * network.preprocessing().views().size();
    List<Float> mean = new ArrayList<>();
    for (double sum : sums) {
      mean.add((float) (sum / rows));
    }
    return mean;
  }

  /// {@link AdaptationLoss} of batches of pictures, their edited copies and kept pictures.
  private final class AdaptationObjective implements TrainingLoop.Objective {
    private final AdaptationLoss loss =
        new AdaptationLoss(settings.quantisation(), settings.keeping());
    private final Preprocessing preprocessing;
    private final Preprocessor preprocessor;
    private final NetworkInputs networkInputs;
    private final Random random = new Random(settings.seed());
    private final RandomEdits edits;
    private final int bits;
    private final int viewLength;

    /// The bits of each picture's code, 0 or 1.
    private final float[] codes;

    /// Which of the kept pictures are used, and (u + 1) / 2 of each.
    private final List<Integer> stillImages;

    private final float[] stillBits;
    private final int still;
    private final float[] batch;
    private final float[] batchCodes;
    private final float[] batchStillBits;

    AdaptationObjective(TrainedNetwork before, TrainingListener listener) {
      preprocessing = before.preprocessing();
      preprocessor = new Preprocessor(preprocessing);
      networkInputs = new NetworkInputs(preprocessing);
      edits = new RandomEdits(before.over(views).preprocessing(), random);
      bits = before.outputs();
      viewLength = preprocessing.viewLength();
      codes =
          outputs(
              before.over(TEACHING_VIEWS),
              images,
              IntStream.range(0, images.size()).boxed().toList(),
              "codes of pictures",
              listener);
      for (int i = 0; i < codes.length; i++) {
        codes[i] = codes[i] > 0 ? 1 : 0;
      }
      still = kept.size() == 0 ? 0 : settings.kept();
      stillImages = new ArrayList<>(IntStream.range(0, kept.size()).boxed().toList());
      Collections.shuffle(stillImages, new Random(settings.seed()));
      int used = (int) Math.min(MAX_KEPT, (long) settings.steps() * still);
      if (used < stillImages.size()) {
        stillImages.subList(used, stillImages.size()).clear();
      }
      stillBits = outputs(before, kept, stillImages, "codes of kept pictures", listener);
      for (int i = 0; i < stillBits.length; i++) {
        stillBits[i] = (stillBits[i] + 1) / 2;
      }
      batch = new float[(2 * settings.pictures() + still) * viewLength];
      batchCodes = new float[settings.pictures() * bits];
      batchStillBits = new float[still * bits];
    }

    /// tanh of a network's outputs for some pictures, mean over its views.
    private float[] outputs(
        TrainedNetwork network,
        UnlabelledImages of,
        List<Integer> positions,
        String what,
        TrainingListener listener) {
      float[] all = new float[positions.size() * bits];
      RandomEdits pictures = new RandomEdits(network.preprocessing(), random);
      int seen = network.preprocessing().views().size();
      NetworkOutputs.of(
          network,
          positions.size(),
          i -> pictures.serving(of.pixels().get(positions.get(i)), of.side()),
          device,
          (from, n, outputs, features) -> {
            for (int i = 0; i < n; i++) {
              float[] mean = ViewMean.hash(outputs, i, seen, bits);
              System.arraycopy(mean, 0, all, (from + i) * bits, bits);
            }
            listener.featuresDone(new FeatureProgress(what, from + n, positions.size()));
          });
      return all;
    }

    @Override
    public String stage() {
      return "adapt, %d bits, seed %d".formatted(bits, settings.seed());
    }

    @Override
    public String run() {
      return "adaptation of network %s: %s".formatted(bundle.networkId(), settings);
    }

    @Override
    public Shape inputShape() {
      return networkInputs.shape();
    }

    @Override
    public int stepsPerEpoch() {
      return settings.steps();
    }

    @Override
    public void beginEpoch(int epoch) {}

    @Override
    public boolean normalisesByBatch() {
      return false;
    }

    @Override
    public NDArray inputs(NDManager manager) {
      int pictures = settings.pictures();
      for (int i = 0; i < pictures; i++) {
        int image = random.nextInt(images.size());
        byte[] picture = images.pixels().get(image);
        // Both in one view: what copies must agree in is what the view shows of them.
        View view = views.get(random.nextInt(views.size()));
        put(edits.plain(picture, images.side(), view), i);
        put(edits.edited(picture, images.side(), view), pictures + i);
        System.arraycopy(codes, image * bits, batchCodes, i * bits, bits);
      }
      for (int i = 0; i < still; i++) {
        int drawn = random.nextInt(stillImages.size());
        byte[] picture = kept.pixels().get(stillImages.get(drawn));
        View view = views.get(random.nextInt(views.size()));
        put(edits.plain(picture, kept.side(), view), 2 * pictures + i);
        System.arraycopy(stillBits, drawn * bits, batchStillBits, i * bits, bits);
      }
      return networkInputs.of(manager, batch);
    }

    private void put(float[] pixels, int row) {
      preprocessor.standardise(pixels, batch, row * viewLength);
    }

    @Override
    public NDArray loss(NDList outputs, NDManager manager) {
      return loss.evaluate(
          outputs.get(0),
          manager.create(batchCodes, new Shape(settings.pictures(), bits)),
          manager.create(batchStillBits, new Shape(still, bits)));
    }
  }
}

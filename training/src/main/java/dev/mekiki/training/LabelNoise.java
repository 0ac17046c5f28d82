package dev.mekiki.training;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.evaluation.MeanAveragePrecision;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.stages.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What wrong labels cost: a training again for each share of the training images that has the
/// label of another class. All three stages learn from these labels; what they come to is measured
/// against the right ones.
public final class LabelNoise {
  private final LabelledImages.Split images;
  private final TrainingSettings settings;
  private final TrainingDevice device;
  private final @Nullable FrozenBackbone backbone;

  /// @param settings of the training with right labels, of which the first number of bits and the
  ///   first seed are trained
  /// @param backbone that the network stands on; null where it is trained from scratch
  /// @throws IllegalArgumentException where a {@link TrainingRun} cannot be, or there is one class
  public LabelNoise(
      LabelledImages.Split images,
      TrainingSettings settings,
      TrainingDevice device,
      @Nullable FrozenBackbone backbone) {
    if (images.training().classNames().size() < 2) {
      throw new IllegalArgumentException("label noise: of 1 class (expected: at least 2)");
    }
    this.images = images;
    this.settings = settings.once();
    this.device = device;
    this.backbone = backbone;
  }

  /// One training.
  ///
  /// @param share of the training images with a wrong label, 0 to 1
  /// @param bits of the codes
  /// @param classifierAccuracy share of the test images whose class the first stage finds
  /// @param mapAtAll of the test images against the training images, by their right labels
  /// @param nearestCenterAccuracy share of the test images whose nearest center is that of their
  ///   class
  public record Measured(
      float share,
      int bits,
      double classifierAccuracy,
      double mapAtAll,
      double nearestCenterAccuracy) {}

  /// Refuses what is no share of wrong labels.
  ///
  /// @throws IllegalArgumentException where one is not above 0 and at most 1, or there twice
  public static void check(List<Float> shares) {
    for (float share : shares) {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException(
            "label noise: %s (expected: above 0 to 1)".formatted(share));
      }
    }
    if (shares.stream().distinct().count() != shares.size()) {
      throw new IllegalArgumentException(
          "label noise: %s (expected: without repeats)".formatted(shares));
    }
  }

  /// Trains once for each share.
  ///
  /// @param right the training with right labels, which stands at the head of what is returned
  /// @param checkpoints directory that takes a directory of them for each share; null for none
  /// @param resume whether to go on from what is there
  /// @throws IOException as a {@link TrainingRun} does
  public List<Measured> run(
      List<Float> shares,
      TrainingResult right,
      @Nullable Path checkpoints,
      boolean resume,
      TrainingListener listener)
      throws IOException {
    check(shares);
    List<Measured> all = new ArrayList<>();
    all.add(measured(0, right));
    for (float share : shares) {
      LabelledImages wrong = images.training().mislabelled(share, settings.classifier().seed());
      TrainingResult result =
          new TrainingRun(wrong, images.test(), settings, device, backbone)
              .run(
                  "label noise",
                  "",
                  checkpoints == null ? null : checkpoints.resolve("label-noise-" + share),
                  resume,
                  listener.within("label noise %s".formatted(share)));
      all.add(measured(share, result));
    }
    return all;
  }

  private Measured measured(float share, TrainingResult result) {
    TrainedBundle trained = result.own().getFirst();
    Bundle bundle = trained.bundle();
    return new Measured(
        share,
        bundle.manifest().bits(),
        result.classifierAccuracy(),
        new MeanAveragePrecision(trained.trainingCodes(), images.training().labels())
            .of(trained.testCodes(), images.test().labels()),
        images.test().nearestCenterAccuracy(bundle.centers(), trained.testCodes()));
  }
}

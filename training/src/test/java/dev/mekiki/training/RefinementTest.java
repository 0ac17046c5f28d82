package dev.mekiki.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.centers.solve.CenterSolver;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.Schedule;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.losses.LossWeights;
import dev.mekiki.training.stages.HashSettings;
import dev.mekiki.training.stages.TrainingSettings;
import dev.mekiki.training.testing.InterruptingListener;
import dev.mekiki.training.testing.StripedPictures;
import dev.mekiki.training.testing.TinyTraining;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RefinementTest {
  private static final LabelledImages.Split IMAGES = StripedPictures.draw(480).split(0.2, 7);

  private static Bundle shortlyTrained;

  @BeforeAll
  static void train() throws Exception {
    Schedule fewSteps = schedule(1, 192);
    TrainingSettings defaults = TrainingSettings.defaults(List.of(64), 1, 1, 11);
    shortlyTrained =
        new TrainingRun(
                IMAGES.training(),
                IMAGES.test(),
                new TrainingSettings(
                    defaults.bits(),
                    TinyTraining.classifier(fewSteps),
                    defaults.similarity(),
                    CenterSolver.ANNEALED,
                    settings(fewSteps),
                    defaults.views(),
                    1,
                    null),
                TrainingDevice.CPU)
            .run("short", "mekiki train", null, false, new InterruptingListener(99))
            .bundles()
            .getFirst();
  }

  @Test
  void networkLearnsTowardTheCentersThatItHas() throws Exception {
    Bundle refined = refine(shortlyTrained, IMAGES, null, new InterruptingListener(99));

    assertThat(refined.centers()).isEqualTo(shortlyTrained.centers());
    assertThat(refined.networkId()).isNotEqualTo(shortlyTrained.networkId());
    for (String metric : List.of("map_at_all", "nearest_center_accuracy")) {
      assertThat(metric(refined, metric))
          .as(metric)
          .isGreaterThan(metric(shortlyTrained, metric) + 0.1);
    }
    assertThat(metric(refined, "classifier_accuracy"))
        .isEqualTo(metric(shortlyTrained, "classifier_accuracy"));
  }

  @Test
  void manifestNamesEveryRoundOfTraining() throws Exception {
    Bundle once = refine(shortlyTrained, IMAGES, null, new InterruptingListener(99));
    Bundle twice = refine(once, IMAGES, null, new InterruptingListener(99));

    assertThat(twice.manifest().training().epochs()).isEqualTo(1 + 1 + 3 + 3);
    assertThat(twice.manifest().training().settings())
        .containsEntry("hash_epochs", "1")
        .containsEntry("refinement_1_from", shortlyTrained.networkId())
        .containsEntry("refinement_1_from_by", "mekiki train")
        .containsEntry("refinement_1_epochs", "3")
        .containsEntry("refinement_2_from", once.networkId())
        .containsEntry("refinement_2_from_by", "mekiki refine");
  }

  @Test
  void classesInAnotherOrderLearnTowardTheirOwnCenters() throws Exception {
    List<String> reversed = List.of("d", "c", "b", "a");

    Bundle refined =
        refine(
            shortlyTrained,
            new LabelledImages.Split(
                inOrder(IMAGES.training(), reversed), inOrder(IMAGES.test(), reversed)),
            null,
            new InterruptingListener(99));

    assertThat(metric(refined, "nearest_center_accuracy"))
        .isGreaterThan(metric(shortlyTrained, "nearest_center_accuracy") + 0.1);
  }

  @Test
  void resumedRefinementEqualsOneThatWasNotInterrupted(@TempDir Path directory) throws Exception {
    Bundle whole = refine(shortlyTrained, IMAGES, null, new InterruptingListener(99));

    assertThatThrownBy(() -> refine(shortlyTrained, IMAGES, directory, new InterruptingListener(2)))
        .isInstanceOf(InterruptingListener.Ended.class);
    InterruptingListener listener = new InterruptingListener(99);
    Bundle resumed = refine(shortlyTrained, IMAGES, directory, listener);

    assertThat(listener.epochs()).containsExactly(3);
    // Sums on several threads differ in their last digits from run to run, and single weights by
    // more in the end. One of three epochs too few would be a third of the way.
    assertThat(distance(resumed, whole)).isLessThan(distance(shortlyTrained, whole) / 5);
  }

  private static double distance(Bundle one, Bundle other) {
    float[] a = weights(one);
    float[] b = weights(other);
    assertThat(a).hasSameSizeAs(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow(a[i] - b[i], 2);
    }
    return Math.sqrt(sum);
  }

  @Test
  void checkpointOfAnotherNetworkIsRefused(@TempDir Path directory) throws Exception {
    Bundle refined = refine(shortlyTrained, IMAGES, directory, new InterruptingListener(99));

    assertThatThrownBy(() -> refine(refined, IMAGES, directory, new InterruptingListener(99)))
        .hasMessageContaining("of the run 'hash network of stripes");
  }

  @Test
  void classWithoutACenterIsRefused() {
    List<String> others = List.of("a", "b", "c", "e");
    LabelledImages training =
        new LabelledImages(
            "stripes",
            StripedPictures.SIDE,
            others,
            IMAGES.training().pixels(),
            IMAGES.training().labels());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> refinement(shortlyTrained, new LabelledImages.Split(training, training)))
        .withMessageContaining("class 'e': no center of that name")
        .withMessageContaining("`centers add` makes one");
  }

  private static Bundle refine(
      Bundle bundle,
      LabelledImages.Split images,
      @Nullable Path checkpoints,
      TrainingListener listener)
      throws Exception {
    return refinement(bundle, images)
        .run("longer", "mekiki refine", checkpoints, checkpoints != null, listener);
  }

  private static Refinement refinement(Bundle bundle, LabelledImages.Split images) {
    return new Refinement(
        bundle,
        images.training(),
        images.test(),
        settings(schedule(3, 24)),
        12,
        TrainingDevice.CPU);
  }

  private static Schedule schedule(int epochs, int batchSize) {
    return new Schedule(epochs, batchSize, 0.05f, 5e-4f, 0.05f);
  }

  private static HashSettings settings(Schedule schedule) {
    return new HashSettings(
        schedule, Colour.LUMA, 4, 4, 0.5f, new LossWeights(1, 1, 0.1f, 1, 1), 0.25f, 0);
  }

  /// The same pictures with their classes numbered in another order.
  private static LabelledImages inOrder(LabelledImages images, List<String> classes) {
    int[] labels =
        IntStream.of(images.labels())
            .map(label -> classes.indexOf(images.classNames().get(label)))
            .toArray();
    return new LabelledImages(
        images.description(), images.side(), classes, images.pixels(), labels);
  }

  private static float[] weights(Bundle bundle) {
    FloatBuffer stored = bundle.network().weights().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] weights = new float[stored.remaining()];
    stored.get(weights);
    return weights;
  }

  private static double metric(Bundle bundle, String name) {
    return bundle.manifest().training().metrics().getOrDefault(name, 0.0);
  }
}

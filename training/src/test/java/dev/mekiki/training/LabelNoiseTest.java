package dev.mekiki.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.preprocess.Preprocessing.View;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.data.WrongLabels;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.loop.TrainingListener.Progress;
import dev.mekiki.training.stages.TrainingSettings;
import dev.mekiki.training.testing.StripedPictures;
import dev.mekiki.training.testing.TinyTraining;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabelNoiseTest {
  private static final int[] LABELS = IntStream.range(0, 200).map(i -> i % 4).toArray();

  @Test
  void wrongLabelsAreAsManyAsAskedForAndFollowTheSeed() {
    int[] wrong = WrongLabels.of(LABELS, 4, 0.2, 3);

    assertThat(differences(LABELS, wrong)).isEqualTo(40);
    assertThat(wrong).isEqualTo(WrongLabels.of(LABELS, 4, 0.2, 3));
    assertThat(wrong).isNotEqualTo(WrongLabels.of(LABELS, 4, 0.2, 4));
    assertThat(differences(LABELS, WrongLabels.of(LABELS, 4, 1, 3))).isEqualTo(200);
    assertThat(WrongLabels.of(LABELS, 4, 0, 3)).isEqualTo(LABELS);
  }

  @Test
  void largerShareMislabelsWhatASmallerOneDoes() {
    int[] fifth = WrongLabels.of(LABELS, 4, 0.2, 3);
    int[] half = WrongLabels.of(LABELS, 4, 0.5, 3);

    for (int i = 0; i < LABELS.length; i++) {
      if (fifth[i] != LABELS[i]) {
        assertThat(half[i]).isEqualTo(fifth[i]);
      }
    }
  }

  @Test
  void noClassIsLeftWithoutPictures() {
    int[] single = {0, 1, 2, 3};

    for (int seed = 0; seed < 100; seed++) {
      assertThat(WrongLabels.of(single, 4, 1, seed)).contains(0, 1, 2, 3);
    }
  }

  @Test
  void wrongLabelsAreLearntAndRightOnesMeasured(@TempDir Path checkpoints) throws Exception {
    LabelledImages.Split images = StripedPictures.draw(240).split(0.2, 7);
    TrainingResult right =
        new TrainingRun(images.training(), images.test(), settings(), TrainingDevice.CPU)
            .run("right", "", null, false, TrainingListener.SILENT);
    RecordedStages recorded = new RecordedStages();
    LabelNoise noise = new LabelNoise(images, settings(), TrainingDevice.CPU, null);

    List<LabelNoise.Measured> measured =
        noise.run(List.of(0.2f, 1f), right, checkpoints, false, recorded);

    assertThat(measured).extracting(LabelNoise.Measured::share).containsExactly(0f, 0.2f, 1f);
    assertThat(measured).extracting(LabelNoise.Measured::bits).containsOnly(32);
    TrainedBundle own = right.own().getFirst();
    assertThat(measured.getFirst().mapAtAll())
        .isEqualTo(own.bundle().manifest().training().metrics().get("map_at_all"));
    assertThat(measured.getFirst().classifierAccuracy()).isEqualTo(right.classifierAccuracy());
    // A fifth of wrong labels is outvoted; where all are wrong, the right class is what none has.
    assertThat(measured.get(0).nearestCenterAccuracy()).isGreaterThan(0.6);
    assertThat(measured.get(1).nearestCenterAccuracy()).isGreaterThan(0.45);
    assertThat(measured.get(2).nearestCenterAccuracy()).isLessThan(0.1);
    assertThat(measured.get(2).classifierAccuracy()).isLessThan(0.1);
    // Whatever they were called in training, pictures of a class lie together.
    assertThat(measured.get(1).mapAtAll()).isGreaterThan(0.6);
    assertThat(new TreeSet<>(recorded.stages))
        .containsExactly(
            "label noise 0.2, classifier",
            "label noise 0.2, hash, 32 bits, seed 11",
            "label noise 1.0, classifier",
            "label noise 1.0, hash, 32 bits, seed 11");

    // And again from the checkpoints alone.
    RecordedStages again = new RecordedStages();
    List<LabelNoise.Measured> resumed =
        noise.run(List.of(0.2f, 1f), right, checkpoints, true, again);
    assertThat(again.stages).isEmpty();
    assertThat(resumed).isEqualTo(measured);
  }

  @Test
  void checkpointsOfWrongLabelsNameThem() {
    LabelledImages images = StripedPictures.draw(48);

    assertThat(images.mislabelled(0.2f, 1).description())
        .isNotEqualTo(images.description())
        .isNotEqualTo(images.mislabelled(0.4f, 1).description());
  }

  @Test
  void sharesOutOfRangeAndRepeatsAreRefused() {
    assertThatThrownBy(() -> LabelNoise.check(List.of(0.1f, 0f)))
        .hasMessage("label noise: 0.0 (expected: above 0 to 1)");
    assertThatThrownBy(() -> LabelNoise.check(List.of(1.5f)))
        .hasMessage("label noise: 1.5 (expected: above 0 to 1)");
    assertThatThrownBy(() -> LabelNoise.check(List.of(0.1f, 0.1f)))
        .hasMessage("label noise: [0.1, 0.1] (expected: without repeats)");
  }

  private static long differences(int[] labels, int[] others) {
    assertThat(others).hasSameSizeAs(labels);
    assertThat(Arrays.stream(others).allMatch(label -> label >= 0 && label < 4)).isTrue();
    return IntStream.range(0, labels.length).filter(i -> labels[i] != others[i]).count();
  }

  /// Two numbers of bits and two seeds, of which the first are trained.
  private static TrainingSettings settings() {
    return TinyTraining.settings(List.of(32, 16), 4, List.of(View.WHOLE), 2);
  }

  /// Keeps the stage of every step and of every epoch.
  private static final class RecordedStages implements TrainingListener {
    private final List<String> stages = new ArrayList<>();

    @Override
    public void stepDone(Progress progress, float loss) {
      stages.add(progress.stage());
    }

    @Override
    public void epochDone(Progress progress, double loss) {
      stages.add(progress.stage());
    }
  }
}

package dev.mekiki.training.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HashSettingsTest {
  @Test
  void lastThirdOfTheEpochsHoldsCodesStill() {
    assertThat(consistencyEpochs(HashSettings.defaults(9))).containsExactly(7, 8, 9);
    assertThat(consistencyEpochs(HashSettings.defaults(30)))
        .containsExactlyElementsOf(from(21, 30));
  }

  @Test
  void atLeastOneEpochHoldsCodesStill() {
    assertThat(consistencyEpochs(HashSettings.defaults(1))).containsExactly(1);
  }

  @Test
  void layersOnABackboneHoldThemStillInAllEpochs() {
    assertThat(consistencyEpochs(HashSettings.onBackbone(20)))
        .containsExactlyElementsOf(from(1, 20));
  }

  @Test
  void refusesAConsistencyEpochShareOutsideItsRange() {
    for (float share : new float[] {0, -0.1f, 1.1f, Float.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> withConsistencyEpochShare(HashSettings.defaults(9), share))
          .withMessage("consistency epoch share: %s (expected: above 0, to 1)", share);
    }
  }

  @Test
  void checkpointsWrittenUnderOlderNamesStillBelongToTheirSettings() {
    assertThat(HashSettings.defaults(50).withConsistencyEpochShare(1).checkpointWords())
        .isEqualTo(
            "HashSettings[schedule=Schedule[epochs=50, batchSize=80, peakRate=0.05, weightDecay=5.0E-4, warmUp=0.05], colour=LUMA, copies=24, strangers=16, steadyShare=1.0, weights=LossWeights[bits=1.0, classes=1.0, quantisation=0.1, consistency=2.0, separation=1.0], editShare=0.25, labelDoubt=0.0]");
  }

  private static List<Integer> consistencyEpochs(HashSettings settings) {
    return from(1, settings.schedule().epochs()).stream()
        .filter(settings::trainsConsistency)
        .toList();
  }

  private static List<Integer> from(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  private static HashSettings withConsistencyEpochShare(HashSettings settings, float share) {
    return new HashSettings(
        settings.schedule(),
        settings.colour(),
        settings.copies(),
        settings.negatives(),
        share,
        settings.weights(),
        settings.editShare(),
        settings.labelSmoothing());
  }
}

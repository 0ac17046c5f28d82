package dev.mekiki.training.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HashSettingsTest {
  @Test
  void lastThirdOfTheEpochsHoldsCodesStill() {
    assertThat(steady(HashSettings.defaults(9))).containsExactly(7, 8, 9);
    assertThat(steady(HashSettings.defaults(30))).containsExactlyElementsOf(from(21, 30));
  }

  @Test
  void atLeastOneEpochHoldsCodesStill() {
    assertThat(steady(HashSettings.defaults(1))).containsExactly(1);
  }

  @Test
  void layersOnABackboneHoldThemStillInAllEpochs() {
    assertThat(steady(HashSettings.onBackbone(20))).containsExactlyElementsOf(from(1, 20));
  }

  @Test
  void refusesASteadyShareThatIsNone() {
    for (float share : new float[] {0, -0.1f, 1.1f, Float.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> withSteadyShare(HashSettings.defaults(9), share))
          .withMessage("steady share: %s (expected: above 0, to 1)", share);
    }
  }

  private static List<Integer> steady(HashSettings settings) {
    return from(1, settings.schedule().epochs()).stream().filter(settings::isSteady).toList();
  }

  private static List<Integer> from(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  private static HashSettings withSteadyShare(HashSettings settings, float share) {
    return new HashSettings(
        settings.schedule(),
        settings.colour(),
        settings.copies(),
        settings.strangers(),
        share,
        settings.weights(),
        settings.editShare(),
        settings.labelDoubt());
  }
}

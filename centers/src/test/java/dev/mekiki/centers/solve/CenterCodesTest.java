package dev.mekiki.centers.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CenterCodesTest {
  @Test
  void lossIsTheMeanSquaredErrorOverAllEntries() {
    // H^T H / q is 0 for the first and second, -1 for the first and third, 0 for the others.
    CenterCodes centers = centers(new int[][] {{1, 1}, {1, -1}, {-1, -1}});
    ClassSimilarity similarity =
        ClassSimilarity.of(new float[][] {{1, 0.5f, 0}, {0.5f, 1, -0.5f}, {0, -0.5f, 1}});

    assertThat(centers.loss(similarity)).isCloseTo(2 * (0.25 + 1 + 0.25) / 9, within(1e-12));
  }

  @Test
  void lossIsMeasuredAgainstTheEntriesAsGiven() {
    CenterCodes centers = centers(new int[][] {{1, 1}, {1, -1}});
    ClassSimilarity similarity = ClassSimilarity.of(new float[][] {{1, 0.5f}, {0.25f, 1}});

    assertThat(centers.loss(similarity)).isCloseTo((0.25 + 0.0625) / 4, within(1e-12));
  }

  @Test
  void distancesCountTheBitsOfAllWords() {
    CenterCodes centers = new CenterCodes(100, 3);
    centers.flip(3, 1);
    centers.flip(99, 1);
    centers.flip(70, 2);

    assertThat(centers.distance(0, 1)).isEqualTo(2);
    assertThat(centers.distance(1, 2)).isEqualTo(3);
    assertThat(centers.smallestDistance()).isEqualTo(1);
    assertThat(centers.smallestDistance(1, 3)).isEqualTo(2);
  }

  @Test
  void aSingleCenterKeepsEveryDistance() {
    assertThat(new CenterCodes(16, 1).smallestDistance()).isEqualTo(17);
  }

  @Test
  void hashCodesAndBackAreTheSame() {
    SplittableRandom random = new SplittableRandom(1);
    for (int bits : new int[] {16, 24, 64, 72, 256}) {
      CenterCodes centers = new CenterCodes(bits, 5);
      for (int center = 0; center < 5; center++) {
        centers.draw(center, random);
      }
      assertThat(CenterCodes.of(centers.toHashCodes()).packed).isEqualTo(centers.packed);
    }
  }

  static CenterCodes centers(int[][] signs) {
    CenterCodes centers = new CenterCodes(signs[0].length, signs.length);
    for (int center = 0; center < signs.length; center++) {
      for (int bit = 0; bit < centers.bits; bit++) {
        centers.setSign(bit, center, signs[center][bit] > 0);
      }
    }
    return centers;
  }
}

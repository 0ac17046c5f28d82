package dev.mekiki.centers.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PublishedSolversTest {
  @Test
  void hadamardRowsDifferInHalfTheirBitsAndOppositesInAll() {
    CenterCodes centers = HadamardCenters.centers(16, 32, new SplittableRandom(1));

    for (int i = 0; i < 32; i++) {
      for (int j = 0; j < i; j++) {
        assertThat(centers.distance(i, j)).isEqualTo(i - j == 16 ? 16 : 8);
      }
    }
  }

  @Test
  void hadamardMatrixOfTwoIsTheKnownOne() {
    CenterCodes centers = HadamardCenters.centers(2, 4, new SplittableRandom(1));

    assertThat(centers.packed)
        .isEqualTo(
            CenterCodesTest.centers(new int[][] {{1, 1}, {1, -1}, {-1, -1}, {-1, 1}}).packed);
  }

  @Test
  void centersPastTheMatrixHaveHalfTheirBitsSet() {
    CenterCodes pastTheLast = HadamardCenters.centers(16, 40, new SplittableRandom(1));
    CenterCodes noPowerOfTwo = HadamardCenters.centers(24, 40, new SplittableRandom(1));

    for (int center = 32; center < 40; center++) {
      assertThat(Long.bitCount(pastTheLast.packed[center])).isEqualTo(8);
    }
    for (int center = 0; center < 40; center++) {
      assertThat(Long.bitCount(noPowerOfTwo.packed[center])).isEqualTo(12);
    }
  }

  @Test
  void inverseTimesMatrixIsTheIdentity() {
    Random random = new Random(1);
    int n = 20;
    double[][] matrix = new double[n][n];
    for (int k = 0; k < 2 * n; k++) {
      double[] vector = random.doubles(n, -1, 1).toArray();
      for (int row = 0; row < n; row++) {
        Matrices.addScaled(vector[row], vector, matrix[row]);
      }
    }
    double[][] inverse = Matrices.inverseOfSymmetric(matrix);

    for (int row = 0; row < n; row++) {
      double[] product = new double[n];
      for (int k = 0; k < n; k++) {
        Matrices.addScaled(inverse[row][k], matrix[k], product);
      }
      for (int column = 0; column < n; column++) {
        assertThat(product[column]).isCloseTo(row == column ? 1 : 0, within(1e-9));
      }
    }
  }

  @Test
  void separationRaisesTheLeastDistance() {
    SplittableRandom random = new SplittableRandom(3);
    int before = HadamardCenters.centers(32, 100, random).smallestDistance();
    CenterCodes centers =
        MinimalDistanceSeparation.centers(
            32, 100, 10, new SplittableRandom(3), (done, total) -> {});

    assertThat(before).isLessThan(10);
    assertThat(centers.smallestDistance()).isGreaterThanOrEqualTo(10);
  }
}

package dev.mekiki.hashing.center;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.code.HashCode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoundsTest {
  private static final long SEED = Seeds.seed(BoundsTest.class);

  @Test
  void noBoundPassesTheDistance() {
    int met = 0;
    for (int number = 0; number < 300; number++) {
      Random random = Seeds.random(SEED, number);
      int bits = new int[] {16, 24, 32, 64, 128, 256}[random.nextInt(6)];
      CenterTable centers = RandomCodes.centers(bits, 1 + random.nextInt(40), random);
      for (int pair = 0; pair < 200; pair++) {
        HashCode query = RandomCodes.mixed(centers, random);
        HashCode code =
            random.nextBoolean()
                ? RandomCodes.mixed(centers, random)
                : RandomCodes.flipped(query, 0.1, random);
        int[] distances = centers.distances(query);
        int nearest = centers.cell(query).shell();
        CenterTable.Cell cell = centers.cell(code);

        int distance = query.distance(code);
        int ofBucket = Bounds.ofBucket(distances[cell.center()], nearest);
        int ofShell = Bounds.ofShell(distances[cell.center()], nearest, cell.shell());

        assertThat(ofShell).as("case %d", number).isBetween(ofBucket, distance);
        assertThat(ofShell % 2).as("parity in case %d", number).isEqualTo(distance % 2);
        met += ofShell == distance ? 1 : 0;
      }
    }
    // A bound that is never met would be needlessly low.
    assertThat(met).isPositive();
  }

  @Test
  void boundsAreThoseOfTheFormulas() {
    assertThat(Bounds.ofBucket(10, 3)).isEqualTo(4);
    assertThat(Bounds.ofBucket(3, 3)).isZero();
    // |10 - 2| = 8 has the parity of 12 already.
    assertThat(Bounds.ofShell(10, 3, 2)).isEqualTo(8);
    // The center bound 4 has not the parity of 10 + 7.
    assertThat(Bounds.ofShell(10, 3, 7)).isEqualTo(5);
  }

  @Test
  void cellIsTheNearestCenterWithTheSmallestId() {
    HashCode zeros = HashCode.of(16, 0);
    CenterTable centers =
        RandomCodes.table(
            16, List.of(HashCode.of(16, 0b1110), HashCode.of(16, 0b11), HashCode.of(16, 0b1100)));

    assertThat(centers.cell(zeros)).isEqualTo(new CenterTable.Cell(1, 2));
  }
}

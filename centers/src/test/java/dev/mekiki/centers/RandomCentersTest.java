package dev.mekiki.centers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.code.HashCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomCentersTest {
  @ParameterizedTest
  @CsvSource({"16, 100", "32, 100", "48, 100", "64, 100", "64, 2", "128, 20", "16, 1"})
  void centersKeepTheDistanceThatIsReported(int bits, int count) {
    RandomCenters.Result result = RandomCenters.generate(bits, count, 42);

    System.out.printf(
        "centers: bits=%d count=%d target=%d reached=%d%n",
        bits, count, result.targetDistance(), result.minimumDistance());
    assertThat(result.codes()).hasSize(count).doesNotHaveDuplicates();
    assertThat(result.targetDistance()).isEqualTo(GilbertVarshamov.minimumDistance(bits, count));
    assertThat(result.minimumDistance())
        .isEqualTo(smallestDistance(bits, result.codes()))
        .isGreaterThanOrEqualTo(result.targetDistance() - 1);
    assertThat(result.reachedTarget())
        .isEqualTo(result.minimumDistance() >= result.targetDistance());
  }

  private static int smallestDistance(int bits, List<HashCode> codes) {
    int smallest = bits + 1;
    for (HashCode a : codes) {
      for (HashCode b : codes) {
        if (!a.equals(b)) {
          smallest = Math.min(smallest, a.distance(b));
        }
      }
    }
    return smallest;
  }

  @Test
  void centersOfOneSeedAreTheSame() {
    assertThat(RandomCenters.generate(64, 100, 7)).isEqualTo(RandomCenters.generate(64, 100, 7));
    assertThat(RandomCenters.generate(64, 100, 7).codes())
        .isNotEqualTo(RandomCenters.generate(64, 100, 8).codes());
  }

  @Test
  void widthThatCodesCannotHaveIsRefused() {
    assertThatThrownBy(() -> RandomCenters.generate(20, 4, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bits: 20 (expected: a multiple of 8, 16 to 256)");
  }
}

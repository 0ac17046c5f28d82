package dev.mekiki.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.hashing.code.HashCode;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReassignedCentersTest {
  private static final int CLASSES = 100;
  private static final int BITS = 32;
  private static final int HEAD = 8;

  private final ReassignedCenters centers =
      new ReassignedCenters(
          CLASSES, BITS, 1, (outputs, labels, rows, manager) -> manager.create(0f));

  @ParameterizedTest
  @CsvSource({"16,100,2", "32,100,4", "64,100,8", "64,1000,4", "16,4,4", "24,100,3"})
  void thereAreAsManyHeadsAsCodesCanDiffer(int bits, int classes, int heads) {
    MultiHeadCodebook codebook = new MultiHeadCodebook(bits, classes, 1);

    assertThat(codebook.heads()).isEqualTo(heads);
    assertThat(codebook.length()).isEqualTo(bits / heads);
    assertThat(codebook.size()).isEqualTo(2 * classes);
    for (int head = 0; head < heads; head++) {
      Set<String> codes = new HashSet<>();
      for (int code = 0; code < 2 * classes; code++) {
        StringBuilder signs = new StringBuilder();
        for (int bit = 0; bit < codebook.length(); bit++) {
          signs.append(codebook.sign(head, code, bit) > 0 ? '+' : '-');
        }
        codes.add(signs.toString());
      }
      assertThat(codes).hasSize(2 * classes);
    }
  }

  @Test
  void tooManyClassesForEveryHeadAreRefused() {
    assertThatThrownBy(() -> new MultiHeadCodebook(16, 40_000, 1))
        .hasMessageContaining("bits: 16")
        .hasMessageContaining("80000 different codes");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noTwoClassesShareACodeInAHead(long seed) {
    learn(noise(new Random(seed)));
    centers.beginEpoch(2);

    assertDistinct();
  }

  @Test
  void aClassKeepsTheCenterThatItsPicturesAreAt() {
    List<HashCode> before = centers.centers();
    learn(rows(before));
    centers.beginEpoch(2);

    assertThat(centers.centers()).isEqualTo(before);
  }

  /// The pictures of a class are at the center of the class before it in the table.
  @Test
  void centersFollowThePicturesToWhereTheyAre() {
    List<HashCode> before = centers.centers();
    List<HashCode> moved =
        IntStream.range(0, CLASSES)
            .mapToObj(one -> before.get((one + CLASSES - 1) % CLASSES))
            .toList();
    learn(rows(moved));
    centers.beginEpoch(2);

    assertThat(centers.centers()).isEqualTo(moved);
  }

  /// Classes in pairs whose pictures have the same codes: one of a pair takes the nearest free
  /// code, the other the next.
  @Test
  void classesOfLikePicturesComeNear() {
    float[] outputs = noise(new Random(5));
    for (int one = 1; one < CLASSES; one += 2) {
      System.arraycopy(outputs, (one - 1) * BITS, outputs, one * BITS, BITS);
    }
    double before = meanDistanceOfPairs();
    learn(outputs);
    centers.beginEpoch(2);

    assertThat(before).isBetween(14.0, 18.0);
    assertThat(meanDistanceOfPairs()).isBetween(4.0, 0.75 * before);
    assertDistinct();
  }

  @Test
  void afterTwentyEpochsTheyChangeAfterEachFifthOnly() {
    Random random = new Random(9);
    Set<Integer> changed = new HashSet<>();
    centers.beginEpoch(1);
    for (int done = 1; done <= 31; done++) {
      List<HashCode> before = centers.centers();
      learn(noise(random));
      centers.beginEpoch(done + 1);
      if (!centers.centers().equals(before)) {
        changed.add(done);
      }
    }

    assertThat(changed)
        .containsAll(IntStream.rangeClosed(1, 20).boxed().toList())
        .contains(25, 30)
        .hasSize(22);
  }

  private void assertDistinct() {
    for (int head = 0; head < BITS / HEAD; head++) {
      Set<Integer> codes = new HashSet<>();
      for (HashCode center : centers.centers()) {
        int code = 0;
        for (int bit = 0; bit < HEAD; bit++) {
          code = 2 * code + (center.bit(head * HEAD + bit) ? 1 : 0);
        }
        codes.add(code);
      }
      assertThat(codes).hasSize(CLASSES);
    }
  }

  private double meanDistanceOfPairs() {
    List<HashCode> now = centers.centers();
    return IntStream.range(0, CLASSES / 2)
        .map(pair -> now.get(2 * pair).distance(now.get(2 * pair + 1)))
        .average()
        .orElseThrow();
  }

  /// One picture of each class.
  private void learn(float[] outputs) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray batch = manager.create(outputs, new Shape(CLASSES, BITS));
      centers.of(batch, IntStream.range(0, CLASSES).toArray(), manager);
    }
  }

  private static float[] noise(Random random) {
    float[] outputs = new float[CLASSES * BITS];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = (float) random.nextGaussian();
    }
    return outputs;
  }

  private static float[] rows(List<HashCode> codes) {
    float[] rows = new float[CLASSES * BITS];
    for (int one = 0; one < CLASSES; one++) {
      for (int bit = 0; bit < BITS; bit++) {
        rows[one * BITS + bit] = codes.get(one).bit(bit) ? 0.3f : -2;
      }
    }
    return rows;
  }
}

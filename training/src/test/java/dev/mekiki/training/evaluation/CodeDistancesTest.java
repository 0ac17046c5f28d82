package dev.mekiki.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.evaluation.Evaluation.Buckets;
import dev.mekiki.training.evaluation.Evaluation.Centers;
import dev.mekiki.training.evaluation.Evaluation.Edits;
import dev.mekiki.training.evaluation.Evaluation.Moved;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class CodeDistancesTest {
  private static final CenterTable CENTERS =
      new CenterTable(
          16,
          List.of(code("0000"), code("ffff"), code("ff00"), code("00ff")),
          List.of("a", "b", "c", "d"));

  @Test
  void equallyFullBucketsCountAllAndOneFullBucketCountsOnce() {
    Buckets even = CodeDistances.ofBuckets(CENTERS, CENTERS.centers());
    assertThat(even.effective()).isEqualTo(4, within(1e-9));
    assertThat(even.largestShare()).isEqualTo(0.25);
    assertThat(even.meanShell()).isZero();

    Buckets one = CodeDistances.ofBuckets(CENTERS, Collections.nCopies(7, code("0100")));
    assertThat(one.effective()).isEqualTo(1, within(1e-9));
    assertThat(one.sizes()).containsExactly(7, 0, 0, 0);
    assertThat(one.used()).isEqualTo(1);
    assertThat(one.median()).isZero();
    assertThat(one.max()).isEqualTo(7);
    assertThat(one.meanShell()).isEqualTo(1);
  }

  @Test
  void medianOfAnEvenNumberOfBucketsLiesBetweenTheMiddleTwo() {
    Buckets buckets =
        CodeDistances.ofBuckets(
            CENTERS,
            List.of(
                code("ffff"),
                code("ff00"),
                code("ff00"),
                code("00ff"),
                code("00ff"),
                code("00ff")));

    assertThat(buckets.sizes()).containsExactly(0, 1, 2, 3);
    assertThat(buckets.min()).isZero();
    assertThat(buckets.median()).isEqualTo(1.5);
  }

  @Test
  void centersCountEveryPairOnce() {
    Centers centers = CodeDistances.ofCenters(CENTERS);

    assertThat(centers.minDistance()).isEqualTo(8);
    assertThat(centers.distances().get(8)).isEqualTo(4);
    assertThat(centers.distances().get(16)).isEqualTo(2);
    assertThat(centers.meanDistance()).isEqualTo(64 / 6.0, within(1e-9));
  }

  @Test
  void percentilesAreTheSmallestDistancesThatEnoughPairsKeep() {
    // 50 pairs at 0, 40 at 3, 9 at 7 and 1 at 12.
    int[] counts = new int[17];
    counts[0] = 50;
    counts[3] = 40;
    counts[7] = 9;
    counts[12] = 1;

    Moved moved = CodeDistances.moved("edit", counts, 3);

    assertThat(moved.p50()).isZero();
    assertThat(moved.p90()).isEqualTo(3);
    assertThat(moved.p99()).isEqualTo(7);
    assertThat(moved.max()).isEqualTo(12);
    assertThat(moved.within()).isEqualTo(0.9);
    assertThat(moved.mean()).isEqualTo((120 + 63 + 12) / 100.0, within(1e-9));
  }

  @Test
  void copiesAreHeldAgainstTheirOwnOriginal() {
    int kinds = PictureEdit.values().length;
    List<HashCode> first = new ArrayList<>(Collections.nCopies(1 + kinds, code("0000")));
    first.set(2, code("0700"));
    List<HashCode> second = new ArrayList<>(Collections.nCopies(1 + kinds, code("ffff")));

    Edits edits = CodeDistances.ofCopies("two", List.of(first, second), 16);

    // 6 of 64 bits are 1.5 of 16.
    assertThat(edits.radius()).isEqualTo(2);
    assertThat(edits.kinds()).hasSize(kinds);
    assertThat(edits.kinds().get(0).max()).isZero();
    assertThat(edits.kinds().get(1).max()).isEqualTo(3);
    assertThat(edits.kinds().get(1).within()).isEqualTo(0.5);
    assertThat(Objects.requireNonNull(edits.unrelated()).mean()).isEqualTo(16);
  }

  private static HashCode code(String hex) {
    return HashCode.fromHex(hex);
  }
}

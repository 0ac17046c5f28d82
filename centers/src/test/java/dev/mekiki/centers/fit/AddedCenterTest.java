package dev.mekiki.centers.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.centers.RandomCenters;
import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddedCenterTest {
  private static List<HashCode> around(HashCode heart, int count, double flips, Random random) {
    List<HashCode> codes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      codes.add(RandomCodes.flipped(heart, flips, random));
    }
    return codes;
  }

  private static int excess(List<HashCode> codes, HashCode place) {
    return codes.stream().mapToInt(place::distance).sum();
  }

  @ParameterizedTest
  @CsvSource({"16, 20", "32, 40", "64, 100", "128, 100", "256, 10"})
  void theTablesDistanceIsKept(int bits, int count) {
    long seed = Seeds.seed(AddedCenterTest.class);
    for (int number = 0; number < 20; number++) {
      Random random = Seeds.random(seed, number);
      RandomCenters.Result centers = RandomCenters.generate(bits, count, random.nextLong());
      CenterTable table = RandomCodes.table(bits, centers.codes());
      HashCode heart =
          number % 2 == 0
              ? RandomCodes.uniform(bits, random)
              : RandomCodes.at(table.center(random.nextInt(count)), 2, random);
      AddedCenter added = AddedCenter.to(table, around(heart, 5, 0.1, random));

      assertThat(added.targetDistance()).isEqualTo(centers.minimumDistance());
      assertThat(added.nearestDistance())
          .isGreaterThanOrEqualTo(added.targetDistance())
          .isEqualTo(table.cell(added.code()).shell());
      assertThat(added.nearest()).isEqualTo(table.cell(added.code()).center());
      assertThat(added.reachedTarget()).isTrue();
    }
  }

  @Test
  void theMajorityIsTakenWhereThereIsRoom() {
    Random random = new Random(1);
    CenterTable table = RandomCodes.table(64, List.of(RandomCodes.uniform(64, random)));
    HashCode heart = RandomCodes.at(table.center(0), 40, random);
    AddedCenter added =
        AddedCenter.to(table, List.of(heart, heart, RandomCodes.uniform(64, random)));

    assertThat(added.code()).isEqualTo(heart).isEqualTo(added.majority());
    assertThat(added.movedBits()).isZero();
    assertThat(added.nearestDistance()).isEqualTo(40);
  }

  @Test
  void theLeastCertainBitsAreMoved() {
    // Two centers 16 apart; three codes that lie 12 from the first and far from the second. The
    // four
    // bits that only two of the three agree on are where the center must part from the majority.
    HashCode zero = HashCode.of(64, 0);
    CenterTable table = RandomCodes.table(64, List.of(zero, HashCode.of(64, 0xffffL << 48)));
    HashCode certain = HashCode.of(64, 0xfffL);
    HashCode doubtful = HashCode.of(64, 0xf0fffL);
    AddedCenter added = AddedCenter.to(table, List.of(certain, certain, doubtful));

    assertThat(added.majority()).isEqualTo(certain);
    assertThat(added.code()).isEqualTo(doubtful);
    assertThat(added.movedBits()).isEqualTo(4);
    assertThat(added.nearest()).isZero();
    assertThat(added.nearestDistance()).isEqualTo(16);
  }

  @Test
  void nearlyNoPlaceIsBetterThanTheOneFound() {
    long seed = Seeds.seed(AddedCenterTest.class);
    int found = 0;
    int best = 0;
    for (int number = 0; number < 40; number++) {
      Random random = Seeds.random(seed, number);
      CenterTable table = RandomCodes.table(16, RandomCenters.generate(16, 12, number).codes());
      List<HashCode> codes = around(RandomCodes.uniform(16, random), 7, 0.2, random);
      AddedCenter added = AddedCenter.to(table, codes);
      int least = Integer.MAX_VALUE;
      for (int word = 0; word < 1 << 16; word++) {
        HashCode place = HashCode.of(16, word);
        if (table.cell(place).shell() >= added.targetDistance()) {
          least = Math.min(least, excess(codes, place));
        }
      }

      assertThat(excess(codes, added.code())).isGreaterThanOrEqualTo(least);
      found += excess(codes, added.code());
      best += least;
    }
    assertThat(found).isLessThanOrEqualTo((int) (1.05 * best));
  }

  @Test
  void theNearestAchievableDistanceIsReportedWhereTheTableIsFull() {
    // The 2,048 codes of the extended Hamming code: every other code lies within 2 of one.
    List<HashCode> full = new ArrayList<>();
    for (int word = 0; word < 1 << 16; word++) {
      int syndrome = 0;
      for (int bit = 0; bit < 16; bit++) {
        syndrome ^= (word >> bit & 1) * (bit + 16);
      }
      if (syndrome == 0) {
        full.add(HashCode.of(16, word));
      }
    }
    CenterTable table = RandomCodes.table(16, full);
    AddedCenter added = AddedCenter.to(table, around(full.getFirst(), 5, 0.1, new Random(1)));

    assertThat(full).hasSize(2_048);
    assertThat(added.targetDistance()).isEqualTo(4);
    assertThat(added.nearestDistance()).isEqualTo(2);
    assertThat(added.reachedTarget()).isFalse();
  }

  @Test
  void centersOfTheTableStayAsTheyAre() {
    Random random = new Random(4);
    CenterTable table = RandomCodes.centers(64, 10, random);
    CenterTable more =
        table.plus(AddedCenter.to(table, List.of(RandomCodes.uniform(64, random))).code(), "new");

    assertThat(more.centers().subList(0, 10)).isEqualTo(table.centers());
    assertThat(more.labels().subList(0, 10)).isEqualTo(table.labels());
    assertThat(more.size()).isEqualTo(11);
    assertThat(more.label(10)).isEqualTo("new");
    assertThatThrownBy(() -> more.plus(table.center(0), "new"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label: 'new' is there already (expected: a new one)");
  }

  @Test
  void noCodesAndOtherLengthsAreRefused() {
    CenterTable table = RandomCodes.centers(64, 3, new Random(1));
    assertThatThrownBy(() -> AddedCenter.to(table, List.of()))
        .hasMessage("codes: none (expected: at least 1)");
    assertThatThrownBy(() -> AddedCenter.to(table, List.of(HashCode.fromHex("00ff"))))
        .hasMessage("code: 16 bits (expected: 64)");
  }
}

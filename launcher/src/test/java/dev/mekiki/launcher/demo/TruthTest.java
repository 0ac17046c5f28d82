package dev.mekiki.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.schemas.v1.MatchKind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TruthTest {
  private static final Map<String, Truth.Indexed> INDEXED =
      Map.of(
          "original", indexed(0, 0),
          "identical", indexed(0, 0),
          "at-the-radius", indexed(0xfffff, 31),
          "beyond", indexed(0, 32),
          "other-scene", indexed(0, 200));

  private static final Map<String, Truth.Sent> SENT =
      Map.of(
          "original", new Truth.Sent(1, "a"),
          "identical", new Truth.Sent(1, "a"),
          "at-the-radius", new Truth.Sent(1, "b"),
          "beyond", new Truth.Sent(1, "c"),
          "other-scene", new Truth.Sent(2, "d"));

  @Test
  void expectsWhatTheRuleFindsAndListsOtherCopiesAsBeyondIt() {
    Truth.Count count = truth(Reach.EVERYWHERE).count(SENT, Map.of());

    // "beyond" is 1 bit away from "at-the-radius".
    assertThat(count.expected()).isEqualTo(4);
    assertThat(count.exactExpected()).isEqualTo(1);
    assertThat(count.exactFound()).isZero();
    assertThat(count.missed()).hasSize(4);
    assertThat(count.beyond())
        .containsExactly(
            new PairDistance("beyond", "identical", 0, 32),
            new PairDistance("beyond", "original", 0, 32));
    assertThat(count.wrong()).isEmpty();
  }

  @Test
  void withTheReachCodesExpectsOnlyPairsWhoseCodesAreNear() {
    Truth.Count count = truth(Reach.CODES).count(SENT, Map.of());

    assertThat(count.expected()).isEqualTo(1);
    assertThat(count.beyond()).hasSize(5);
  }

  @Test
  void countsAnExactPairOnlyIfItIsFoundAsExact() {
    Truth.Pair pair = Truth.Pair.of("original", "identical");

    assertThat(truth(Reach.EVERYWHERE).count(SENT, Map.of(pair, MatchKind.EXACT)).exactFound())
        .isEqualTo(1);
    assertThat(truth(Reach.EVERYWHERE).count(SENT, Map.of(pair, MatchKind.DUPLICATE)).exactFound())
        .isZero();
  }

  @Test
  void pairsOfTwoScenesBeyondTheRadiusOrExactWithOtherBytesAreWrong() {
    Truth.Count count =
        truth(Reach.EVERYWHERE)
            .count(
                SENT,
                Map.of(
                    Truth.Pair.of("original", "other-scene"), MatchKind.DUPLICATE,
                    Truth.Pair.of("original", "beyond"), MatchKind.DUPLICATE,
                    Truth.Pair.of("original", "at-the-radius"), MatchKind.EXACT,
                    Truth.Pair.of("identical", "at-the-radius"), MatchKind.DUPLICATE));

    assertThat(count.wrong())
        .containsExactly(
            new PairDistance("at-the-radius", "original", 20, 31),
            new PairDistance("beyond", "original", 0, 32),
            new PairDistance("original", "other-scene", 0, 200));
  }

  private static Truth truth(Reach reach) {
    return new Truth(new MatchPolicy(reach, 8, 31, null), INDEXED);
  }

  /// @param ones bits of the fingerprint that are 1, the lowest ones
  private static Truth.Indexed indexed(long code, int ones) {
    long[] words = new long[4];
    for (int bit = 0; bit < ones; bit++) {
      words[bit / Long.SIZE] |= 1L << bit;
    }
    return new Truth.Indexed(HashCode.of(64, code), new Fingerprint(HashCode.of(256, words), 100));
  }
}

package dev.mekiki.hashing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Partitions of landmarks in very many small worlds: images come, change and go, each partition
/// reads arrivals and probes at its own pace, and which picture finds which by its landmarks is
/// drawn by chance for each direction. No pair of revisions is passed on twice. Of final revisions,
/// a pair that both find is passed on once, and one that neither finds is not.
///
/// `-Dmekiki.worlds=N` sets how many worlds there are.
class CopySimulationTest {
  private static final long SEED = Seeds.seed(CopySimulationTest.class);
  private static final int WORLDS = Integer.getInteger("mekiki.worlds", 20_000);
  private static final int WORLDS_OF_A_MUTATION = 300;

  private static final CopyRule RULE = new CopyRule(CopyWorld.POLICY);

  /// The rule for probes, or a wrong one.
  private interface ProbeRule {
    MatchDecision decide(PlacedRevision probe, long seen, PlacedRevision row, long rowSequence);
  }

  private long both;
  private long oneWay;
  private long lost;
  private long twice;
  private long wrong;

  @Test
  void eachPairIsPassedOnOnce() {
    run(WORLDS, RULE::onProbe);

    System.out.printf("copies: worlds=%d found_both_ways=%d one_way=%d%n", WORLDS, both, oneWay);
    assertThat(List.of(lost, twice, wrong)).containsOnly(0L);
    assertThat(both).isGreaterThan(WORLDS / 2);
    assertThat(oneWay).isGreaterThan(WORLDS / 2);
  }

  @Test
  void aRuleThatAsksOnlyForIdsLosesPairs() {
    run(
        WORLDS_OF_A_MUTATION,
        (probe, _, row, rowSequence) -> RULE.onProbe(probe, Long.MIN_VALUE, row, rowSequence));

    assertThat(lost).isPositive();
    assertThat(twice).isZero();
  }

  @Test
  void aRuleWithoutConditionPassesPairsOnTwice() {
    run(
        WORLDS_OF_A_MUTATION,
        (probe, _, row, rowSequence) -> RULE.onProbe(probe, Long.MAX_VALUE, row, rowSequence));

    assertThat(lost).isZero();
    assertThat(twice).isPositive();
  }

  private void run(int worlds, ProbeRule rule) {
    for (int number = 0; number < worlds; number++) {
      Map<String, Integer> passedOn = new HashMap<>();
      CopyWorld world =
          new CopyWorld(
              Seeds.random(SEED, number),
              _ -> RULE,
              (_, probe, seen, row, rowSequence) -> rule.decide(probe, seen, row, rowSequence),
              (_, emit) -> passedOn.merge(CopyWorld.key(emit), 1, Integer::sum));
      world.run(_ -> {});
      twice += passedOn.values().stream().filter(times -> times > 1).count();
      for (CopyWorld.FinalPair pair : world.finalPairs()) {
        boolean isPassedOn = passedOn.containsKey(pair.key());
        both += pair.ways() == 2 ? 1 : 0;
        oneWay += pair.ways() == 1 && isPassedOn ? 1 : 0;
        lost += pair.ways() == 2 && !isPassedOn ? 1 : 0;
        wrong += pair.ways() == 0 && isPassedOn ? 1 : 0;
      }
    }
  }
}

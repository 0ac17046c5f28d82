package dev.mekiki.hashing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.match.MatchDecision.Reason;
import dev.mekiki.hashing.match.MatchDecision.Skip;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Very many small worlds ({@link SimulatedWorld}) of images that come, change, move and go. In
/// each of them: each matching pair of final revisions is emitted once, no pair of revisions twice,
/// and nothing is emitted that does not match.
///
/// `-Dmekiki.worlds=N` sets how many worlds there are.
class WorldSimulationTest {
  private static final long SEED = Seeds.seed(WorldSimulationTest.class);
  private static final int WORLDS = Integer.getInteger("mekiki.worlds", 20_000);

  /// Worlds within which a wrong rule must show.
  private static final int WORLDS_OF_A_MUTATION = 300;

  private final Counts counts = new Counts();

  /// What went wrong, and how much happened.
  private static final class Counts {
    long finalPairs;
    long emitted;
    long probes;
    long aborts;
    long lost;
    long twice;
    long wrong;
  }

  @Test
  void everyFinalPairIsEmittedOnceAndNoPairTwice() {
    run(WORLDS, MatchRule::onProbe);

    System.out.printf(
        "worlds: worlds=%d final_pairs=%d emitted=%d probes=%d aborts=%d%n",
        WORLDS, counts.finalPairs, counts.emitted, counts.probes, counts.aborts);
    assertThat(List.of(counts.lost, counts.twice, counts.wrong)).containsOnly(0L);
    // Worlds in which nothing happens would prove nothing.
    assertThat(counts.finalPairs).isGreaterThan(WORLDS / 2);
    assertThat(counts.emitted).isGreaterThan(counts.finalPairs);
    assertThat(counts.probes).isGreaterThan(10L * WORLDS);
    assertThat(counts.aborts).isGreaterThan(WORLDS);
  }

  @Test
  void aRuleThatAsksOnlyForIdsLosesPairs() {
    run(
        WORLDS_OF_A_MUTATION,
        (rule, probe, seen, row, rowSequence) ->
            rule.onProbe(probe, Long.MIN_VALUE, row, rowSequence));

    assertThat(counts.lost).isPositive();
    assertThat(counts.twice).isZero();
  }

  @Test
  void aRuleThatAsksOnlyForSequencesLosesPairs() {
    run(
        WORLDS_OF_A_MUTATION,
        (rule, probe, seen, row, rowSequence) ->
            rowSequence <= seen
                ? rule.onProbe(probe, seen, row, rowSequence)
                : new Skip(Reason.REPORTED_ELSEWHERE));

    assertThat(counts.lost).isPositive();
    assertThat(counts.twice).isZero();
  }

  @Test
  void aRuleWithoutConditionEmitsPairsTwice() {
    run(
        WORLDS_OF_A_MUTATION,
        (rule, probe, seen, row, rowSequence) ->
            rule.onProbe(probe, Long.MAX_VALUE, row, rowSequence));

    assertThat(counts.lost).isZero();
    assertThat(counts.twice).isPositive();
  }

  @Test
  void rulesThatAreOffByOneLosePairsOrEmitThemTwice() {
    for (int off : List.of(-1, 1)) {
      run(
          WORLDS_OF_A_MUTATION,
          (rule, probe, seen, row, rowSequence) ->
              rule.onProbe(probe, seen + off, row, rowSequence));

      assertThat(off < 0 ? counts.lost : counts.twice).isPositive();
    }
  }

  private void run(int worlds, SimulatedWorld.ProbeRule probeRule) {
    for (int number = 0; number < worlds; number++) {
      Reach reach = number % 2 == 0 ? Reach.EVERYWHERE : Reach.CODES;
      SimulatedWorld world = new SimulatedWorld(Seeds.random(SEED, number), reach, probeRule);
      world.run();

      Set<SimulatedWorld.Pair> expected = world.finalPairs();
      Set<SimulatedWorld.Pair> emitted = new HashSet<>(world.emitted);
      long missing = expected.stream().filter(pair -> !emitted.contains(pair)).count();
      long repeated = (long) world.emitted.size() - emitted.size();
      if (missing + repeated + world.wrong.size() > 0 && counts.lost + counts.twice == 0) {
        System.out.printf(
            "world %d of seed %d: lost %d, twice %d, wrong %s%n",
            number, SEED, missing, repeated, world.wrong);
      }
      counts.lost += missing;
      counts.twice += repeated;
      counts.wrong += world.wrong.size();
      counts.finalPairs += expected.size();
      counts.emitted += world.emitted.size();
      counts.probes += world.probes;
      counts.aborts += world.aborts;
    }
  }
}

package dev.mekiki.hashing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The worlds of {@link SimulatedWorld} with tenants, sources and decisions: no pair is emitted
/// that these forbid, and every other one is, once.
class PolicySimulationTest {
  private static final long SEED = Seeds.seed(PolicySimulationTest.class);
  private static final int WORLDS = Integer.getInteger("mekiki.worlds", 20_000) / 4;

  private long expected;
  private long emitted;
  private long silent;
  private long lost;
  private long twice;
  private long wrong;

  @Test
  void noForbiddenPairIsEmittedAndEveryOtherOneOnce() {
    for (int number = 0; number < WORLDS; number++) {
      Random random = Seeds.random(SEED, number);
      run(random, number, new RandomDecisions(random, 0));
    }

    System.out.printf(
        "policies: worlds=%d final_pairs=%d emitted=%d silent=%d%n",
        WORLDS, expected, emitted, silent);
    assertThat(List.of(lost, twice, wrong)).containsOnly(0L);
    assertThat(expected).isGreaterThan(WORLDS / 10);
    assertThat(silent).isGreaterThan(WORLDS / 2);
  }

  @Test
  void imagesThatAreHeldBackNowAndThenDoubleNothing() {
    for (int number = 0; number < WORLDS / 4; number++) {
      Random random = Seeds.random(SEED, number);
      run(random, number, new RandomDecisions(random, 0.3));
    }

    assertThat(List.of(twice, wrong)).containsOnly(0L);
    assertThat(lost).as("pairs of images that were held back").isPositive();
    assertThat(emitted).isPositive();
  }

  private void run(Random random, int number, RandomDecisions decisions) {
    Reach reach = number % 2 == 0 ? Reach.EVERYWHERE : Reach.CODES;
    SimulatedWorld world = new SimulatedWorld(random, reach, MatchRule::onProbe, decisions);
    world.run();
    Set<SimulatedWorld.Pair> due = world.finalPairs();
    Set<SimulatedWorld.Pair> all = new HashSet<>(world.emitted);
    expected += due.size();
    emitted += world.emitted.size();
    silent += decisions.silent;
    lost += due.stream().filter(pair -> !all.contains(pair)).count();
    twice += world.emitted.size() - all.size();
    wrong += world.wrong.size();
  }
}

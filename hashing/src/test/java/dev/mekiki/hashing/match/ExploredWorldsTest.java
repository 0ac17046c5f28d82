package dev.mekiki.hashing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.match.SimulatedSetup.Limits;
import dev.mekiki.hashing.match.SimulatedSetup.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Small worlds of two partitions and two images that match, whatever happens to them: every order
/// in which records are read, sent and received, every division into transactions, and every
/// transaction that may be aborted.
///
/// With `-Dmekiki.explored=3` three things happen to the images, not two, also where transactions
/// are aborted.
class ExploredWorldsTest {
  private static final int STEPS = Integer.getInteger("mekiki.explored", 2);
  private static final Limits WITH_ABORTS = new Limits(2, 1, 2, true);
  private static final Limits ONE_BY_ONE = new Limits(1, 0, 2, true);
  private static final int IDS = 2;
  private static final int LAST_HOME = 1;

  private long ways;
  private long lost;
  private long twice;
  private long wrong;
  private long pairs;

  @Test
  void everyFinalPairIsEmittedOnceWhateverHappens() {
    explore(MatchRule::onProbe, STEPS, WITH_ABORTS, false);
    explore(MatchRule::onProbe, 3, ONE_BY_ONE, false);

    System.out.printf("explored: ways=%d pairs=%d%n", ways, pairs);
    assertThat(List.of(lost, twice, wrong)).containsOnly(0L);
    assertThat(ways).isGreaterThan(10_000);
    assertThat(pairs).isGreaterThan(ways / 10);
  }

  @Test
  void aRowThatIsCountedAsSeenTooEarlyLosesPairs() {
    explore(
        (rule, probe, seen, row, rowSequence) -> rule.onProbe(probe, seen - 1, row, rowSequence),
        2,
        WITH_ABORTS,
        true);

    assertThat(lost + twice).isPositive();
  }

  @Test
  void aRowThatIsCountedAsSeenTooLateEmitsPairsTwice() {
    explore(
        (rule, probe, seen, row, rowSequence) -> rule.onProbe(probe, seen + 1, row, rowSequence),
        2,
        WITH_ABORTS,
        true);

    assertThat(lost + twice).isPositive();
  }

  private void explore(
      SimulatedWorld.ProbeRule rule, int length, Limits limits, boolean untilWrong) {
    for (List<Step> steps : all(length)) {
      for (boolean apart : List.of(false, true)) {
        EveryChoice choices = new EveryChoice();
        SimulatedSetup setup = SimulatedSetup.small(Reach.EVERYWHERE, steps, apart, limits);
        do {
          SimulatedWorld world =
              new SimulatedWorld(choices, setup, rule, SimulatedWorld.Decisions.NONE);
          world.run();
          judge(world, steps);
          if (untilWrong && lost + twice > 0) {
            return;
          }
        } while (choices.next());
      }
    }
  }

  private void judge(SimulatedWorld world, List<Step> steps) {
    Set<SimulatedWorld.Pair> expected = world.finalPairs();
    Set<SimulatedWorld.Pair> emitted = new HashSet<>(world.emitted);
    long missing = expected.stream().filter(pair -> !emitted.contains(pair)).count();
    long repeated = (long) world.emitted.size() - emitted.size();
    if (missing + repeated + world.wrong.size() > 0 && lost + twice + wrong == 0) {
      System.out.printf(
          "way %d of %s: lost %d, twice %d, wrong %s%n",
          ways, steps, missing, repeated, world.wrong);
    }
    ways++;
    lost += missing;
    twice += repeated;
    wrong += world.wrong.size();
    pairs += expected.size();
  }

  /// Every sequence of so many steps that begins with the first image.
  private static List<List<Step>> all(int length) {
    List<List<Step>> sequences = new ArrayList<>();
    sequences.add(List.of());
    for (int i = 0; i < length; i++) {
      List<List<Step>> longer = new ArrayList<>();
      for (List<Step> before : sequences) {
        for (int id = 0; id < (before.isEmpty() ? 1 : IDS); id++) {
          for (int home = before.isEmpty() ? 0 : -1; home <= LAST_HOME; home++) {
            List<Step> steps = new ArrayList<>(before);
            steps.add(new Step(id, home));
            longer.add(steps);
          }
        }
      }
      sequences = longer;
    }
    return sequences;
  }
}

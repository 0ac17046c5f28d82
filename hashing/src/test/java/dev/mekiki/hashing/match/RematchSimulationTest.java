package dev.mekiki.hashing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.match.SimulatedRematch.Fault;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.hashing.policy.PolicyFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The worlds of {@link SimulatedWorld} in which other things are decided at some moment, which
/// each partition reads at its own pace, and a job applies that to what is stored while images come
/// and go ({@link SimulatedRematch}): at the end each pair that matches by what is decided then was
/// emitted, whatever was decided before; no pair twice; and another job finds nothing new.
class RematchSimulationTest {
  private static final long SEED = Seeds.seed(RematchSimulationTest.class);
  private static final int WORLDS = Integer.getInteger("mekiki.worlds", 20_000) / 4;

  /// Worlds within which a fault must show.
  private static final int WORLDS_OF_A_FAULT = 1500;

  private long expected;
  private long found;
  private long kills;
  private long lost;
  private long twice;
  private long wrong;
  private long again;

  @Test
  void everyPairIsEmittedOnceWhateverWasDecidedBefore() {
    run(WORLDS, Fault.NONE, 30, 0);

    System.out.printf(
        "rematches: worlds=%d final_pairs=%d found_by_jobs=%d kills=%d%n",
        WORLDS, expected, found, kills);
    assertThat(List.of(lost, twice, wrong, again)).containsOnly(0L);
    assertThat(expected).isGreaterThan(WORLDS / 10);
    assertThat(found).isGreaterThan(WORLDS / 10);
    assertThat(kills).isGreaterThan(WORLDS / 2);
  }

  @Test
  void imagesThatAreHeldBackNowAndThenDoubleNothing() {
    run(WORLDS / 4, Fault.NONE, 30, 0.3);

    assertThat(List.of(twice, wrong)).containsOnly(0L);
    assertThat(found).isPositive();
  }

  @Test
  void aJobThatDoesNotWaitForDecisionsLosesPairs() {
    run(WORLDS_OF_A_FAULT, Fault.DOES_NOT_WAIT_FOR_DECISIONS, 0, 0);

    assertThat(lost).isPositive();
  }

  @Test
  void aJobThatDoesNotWaitForProbesDoublesPairs() {
    run(WORLDS_OF_A_FAULT, Fault.DOES_NOT_WAIT_FOR_PROBES, 0, 0);

    assertThat(twice).isPositive();
  }

  @Test
  void aJobThatTakesImagesThatAreStillOnTheirWayDoublesPairs() {
    run(WORLDS_OF_A_FAULT, Fault.TAKES_ALL_IMAGES, 0, 0);

    assertThat(twice).isPositive();
  }

  @Test
  void aJobThatDoesNotKnowWhatWasReportedDoublesPairs() {
    run(WORLDS_OF_A_FAULT, Fault.FORGETS_WHAT_WAS_REPORTED, 0, 0);

    assertThat(twice).isPositive();
  }

  private void run(int worlds, Fault fault, int killEvery, double heldBack) {
    for (int number = 0; number < worlds; number++) {
      Random random = Seeds.random(SEED, number);
      run(random, number, fault, killEvery, heldBack);
    }
  }

  private void run(Random random, int number, Fault fault, int killEvery, double heldBack) {
    Reach reach = number % 2 == 0 ? Reach.EVERYWHERE : Reach.CODES;
    ChangedDecisions decisions = new ChangedDecisions(random, heldBack);
    SimulatedWorld world = new SimulatedWorld(random, reach, MatchRule::onProbe, decisions);
    SimulatedRematch[] job = {new SimulatedRematch(world, decisions::allKnow, fault, killEvery)};
    int begin = random.nextInt(150);
    int[] step = {0};
    world.run(steps -> {
      step[0]++;
      // Nothing else is left to do, or its time has come.
      if (!decisions.isChanged) {
        if (step[0] >= begin || steps.isEmpty()) {
          steps.add(() -> decisions.isChanged = true);
        }
        return;
      }
      decisions.addSteps(world, steps);
      job[0].addSteps(steps);
    });
    Set<SimulatedWorld.Pair> due = world.finalPairs();
    Set<SimulatedWorld.Pair> all = new HashSet<>(world.emitted);
    expected += due.size();
    found += job[0].events;
    kills += job[0].kills;
    lost += due.stream().filter(pair -> !all.contains(pair)).count();
    twice += world.emitted.size() - all.size();
    wrong += world.wrong.size();
    if (fault == Fault.NONE) {
      SimulatedRematch second = new SimulatedRematch(world, decisions::allKnow, fault, 0);
      world.run(second);
      again += second.events;
    }
  }

  /// What is decided first, and what from some moment on.
  private static final class ChangedDecisions implements SimulatedWorld.Decisions {
    private final RandomDecisions before;
    private final RandomDecisions after;
    private final Random random;
    private final Set<Integer> knowing = new HashSet<>();
    private boolean isChanged;
    private int asking;
    private boolean allKnow;

    ChangedDecisions(Random random, double heldBack) {
      this.random = random;
      before = new RandomDecisions(random, heldBack);
      after =
          new RandomDecisions(
              random, heldBack, before.shared, before.sameSource, 1 + random.nextInt(3));
    }

    /// Each partition reads the change at some moment.
    void addSteps(SimulatedWorld world, List<Runnable> steps) {
      List<Integer> left = new ArrayList<>();
      for (int partition = 0; partition < world.partitions.size(); partition++) {
        if (!knowing.contains(partition)) {
          left.add(partition);
        }
      }
      allKnow = left.isEmpty();
      if (!left.isEmpty()) {
        steps.add(() -> knowing.add(left.get(random.nextInt(left.size()))));
      }
    }

    boolean allKnow() {
      return allKnow;
    }

    private Policies policies() {
      return knowing.contains(asking) ? after.policies : before.policies;
    }

    @Override
    public PairFilter filter() {
      return PolicyFilter.ofMatches(
          new OriginFilter(before.shared, before.sameSource), this::policies);
    }

    @Override
    public Origin origin(Random worlds) {
      return before.origin(worlds);
    }

    @Override
    public boolean isSilent(PlacedRevision a, PlacedRevision b, MatchLevel level) {
      return after.isSilent(a, b, level);
    }

    @Override
    public boolean isForbidden(PlacedRevision a, PlacedRevision b, MatchLevel level) {
      return (knowing.contains(asking) ? after : before).isSilent(a, b, level)
          && after.isSilent(a, b, level);
    }

    @Override
    public boolean holdsBack(PlacedRevision image) {
      return before.holdsBack(image);
    }

    @Override
    public void enter(int partition) {
      asking = partition;
    }
  }
}

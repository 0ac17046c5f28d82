package dev.mekiki.hashing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.match.CopyWorld.Row;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The worlds of {@link CopyWorld}, with verification behind them. At some moment other pairs are
/// left out than before, which each partition and verification read at their own pace, and a job
/// applies that to what is stored, as the query service does. No event is written twice; and each
/// pair that both images find, and that is left out no more, has its event.
class CopyRematchSimulationTest {
  private static final long SEED = Seeds.seed(CopyRematchSimulationTest.class);
  private static final int WORLDS = Integer.getInteger("mekiki.worlds", 20_000) / 4;
  private static final int WORLDS_OF_A_FAULT = 1500;

  private long due;
  private long found;
  private long kills;
  private long lost;
  private long twice;
  private long wrong;

  /// What is done wrong.
  private enum Fault {
    NONE,
    VERIFIES_BY_WHAT_IT_KNOWS,
    DOES_NOT_WAIT_FOR_PROBES,
    DOES_NOT_WAIT_FOR_VERIFICATION,
    TAKES_ALL_IMAGES
  }

  @Test
  void everyCopyHasOneEventWhateverWasDecidedBefore() {
    run(WORLDS, Fault.NONE, 30);

    System.out.printf(
        "rematches of copies: worlds=%d final_pairs=%d found_by_jobs=%d kills=%d%n",
        WORLDS, due, found, kills);
    assertThat(List.of(lost, twice, wrong)).containsOnly(0L);
    assertThat(due).isGreaterThan(WORLDS / 2);
    assertThat(found).isGreaterThan(WORLDS / 10);
    assertThat(kills).isGreaterThan(WORLDS / 2);
  }

  @Test
  void verificationThatKnowsLessThanThePartitionLosesPairs() {
    run(WORLDS_OF_A_FAULT, Fault.VERIFIES_BY_WHAT_IT_KNOWS, 0);

    assertThat(lost).isPositive();
  }

  @Test
  void aJobThatDoesNotWaitForProbesDoublesPairs() {
    run(WORLDS_OF_A_FAULT, Fault.DOES_NOT_WAIT_FOR_PROBES, 0);

    assertThat(twice).isPositive();
  }

  @Test
  void aJobThatDoesNotWaitForVerificationDoublesPairs() {
    run(WORLDS_OF_A_FAULT, Fault.DOES_NOT_WAIT_FOR_VERIFICATION, 0);

    assertThat(twice).isPositive();
  }

  @Test
  void aJobThatTakesImagesThatAreStillOnTheirWayDoublesPairs() {
    run(WORLDS_OF_A_FAULT, Fault.TAKES_ALL_IMAGES, 0);

    assertThat(twice).isPositive();
  }

  private void run(int worlds, Fault fault, int killEvery) {
    for (int number = 0; number < worlds; number++) {
      Installation installation = new Installation(Seeds.random(SEED, number), fault, killEvery);
      installation.world.run(installation);
      Set<String> events = new HashSet<>(installation.events);
      twice += installation.events.size() - events.size();
      found += installation.foundByJob;
      kills += installation.kills;
      for (CopyWorld.FinalPair pair : installation.world.finalPairs()) {
        boolean isSilent = installation.isSilent(pair.a(), pair.b(), true);
        boolean isDue = pair.ways() == 2 && !isSilent;
        due += isDue ? 1 : 0;
        lost += isDue && !events.contains(pair.key()) ? 1 : 0;
        boolean isForbidden =
            pair.ways() == 0 || (isSilent && installation.isSilent(pair.a(), pair.b(), false));
        wrong += isForbidden && events.contains(pair.key()) ? 1 : 0;
      }
    }
  }

  /// A world, its verification and the job.
  private static final class Installation implements CopyWorld.Others {
    private static final int SLOW = 30;

    private final Random random;
    private final Fault fault;
    private final int killEvery;
    private final int silent;
    private final CopyWorld world;
    private final int begin;
    private int steps;

    // Which pairs are left out: changed, and known by whom.
    private boolean isChanged;
    private final Set<Integer> knowing = new HashSet<>();
    private boolean verificationKnows;

    /// A pair to be verified; known says whether the change was known where it was found.
    private record Candidate(PlacedRevision later, PlacedRevision earlier, boolean known) {}

    private final Deque<Candidate> candidates = new ArrayDeque<>();
    private long written;
    private long verified;
    private final List<String> events = new ArrayList<>();

    // What the job has committed.
    private int partition;
    private String after = "";
    private boolean done;
    private int foundByJob;
    private int kills;

    // Of the process that works on it.
    private Phase phase = Phase.DECISIONS;
    private final List<Long> settled = new ArrayList<>();
    private long awaited;
    private final Set<String> known = new HashSet<>();
    private @Nullable PlacedRevision image;
    private final List<Integer> asked = new ArrayList<>();
    private final List<Emit> answers = new ArrayList<>();

    private enum Phase {
      DECISIONS,
      PROBES,
      VERIFICATION,
      IMAGES
    }

    Installation(Random random, Fault fault, int killEvery) {
      this.random = random;
      this.fault = fault;
      this.killEvery = killEvery;
      silent = random.nextInt();
      world =
          new CopyWorld(
              random,
              this::rule,
              (here, probe, seen, row, rowSequence) ->
                  rule(here).onProbe(probe, seen, row, rowSequence),
              (here, emit) -> write(emit, knowing.contains(here)));
      begin = random.nextInt(150);
    }

    private CopyRule rule(int here) {
      return new CopyRule(CopyWorld.POLICY, filter(knowing.contains(here)));
    }

    private PairFilter filter(boolean knows) {
      return (a, b, _, _) -> isSilent(a, b, knows) ? MatchDecision.Reason.DISMISSED : null;
    }

    /// Whether a pair is left out, before the change or after it: drawn by ids.
    boolean isSilent(PlacedRevision a, PlacedRevision b, boolean changed) {
      int pair = a.id().hashCode() * b.id().hashCode() ^ silent;
      return Math.floorMod((changed ? pair * 31 : pair) >> 3, changed ? 8 : 3) == 0;
    }

    private void write(Emit emit, boolean knows) {
      candidates.add(new Candidate(emit.later(), emit.earlier(), knows));
      written++;
    }

    @Override
    public void addSteps(List<Runnable> all) {
      if (!candidates.isEmpty() && mayVerify(candidates.element())) {
        all.add(this::verify);
      }
      steps++;
      if (!isChanged) {
        if (steps >= begin || all.isEmpty()) {
          all.add(() -> isChanged = true);
        }
        return;
      }
      for (int i = 0; i < world.partitions.size(); i++) {
        int number = i;
        if (!knowing.contains(i)) {
          all.add(() -> knowing.add(number));
        }
      }
      if (!done && canStep()) {
        all.add(() -> {
          if (killEvery > 0 && random.nextInt(killEvery) == 0) {
            kill();
          } else {
            step();
          }
        });
      }
      // It may take as long as all the rest.
      if (!verificationKnows && (all.isEmpty() || random.nextInt(SLOW) == 0)) {
        all.add(() -> verificationKnows = true);
      }
    }

    private boolean mayVerify(Candidate next) {
      return !next.known() || verificationKnows || fault == Fault.VERIFIES_BY_WHAT_IT_KNOWS;
    }

    private void verify() {
      Candidate next = candidates.remove();
      verified++;
      if (!isSilent(next.later(), next.earlier(), verificationKnows)) {
        events.add(CopyWorld.key(next.later(), next.earlier()));
      }
    }

    private boolean canStep() {
      return switch (phase) {
        case DECISIONS -> knowing.size() == world.partitions.size();
        case PROBES -> fault == Fault.DOES_NOT_WAIT_FOR_PROBES || isSettled();
        case VERIFICATION -> fault == Fault.DOES_NOT_WAIT_FOR_VERIFICATION || verified >= awaited;
        case IMAGES -> true;
      };
    }

    private boolean isSettled() {
      for (CopyWorld.Partition receiver : world.partitions) {
        for (int sender = 0; sender < settled.size(); sender++) {
          if (receiver.awaits(sender, settled.get(sender))) {
            return false;
          }
        }
      }
      return true;
    }

    private void kill() {
      kills++;
      phase = Phase.DECISIONS;
      settled.clear();
      known.clear();
      image = null;
      asked.clear();
      answers.clear();
    }

    private void step() {
      switch (phase) {
        case DECISIONS -> {
          for (CopyWorld.Partition one : world.partitions) {
            settled.add(fault == Fault.TAKES_ALL_IMAGES ? Long.MAX_VALUE : one.sent);
          }
          phase = Phase.PROBES;
        }
        case PROBES -> {
          awaited = written;
          phase = Phase.VERIFICATION;
        }
        case VERIFICATION -> {
          known.addAll(events);
          phase = Phase.IMAGES;
        }
        case IMAGES -> lookUp();
      }
    }

    private void lookUp() {
      PlacedRevision now = image;
      if (now == null) {
        take();
      } else if (!asked.isEmpty()) {
        int one = asked.removeFirst();
        for (Row row : world.partitions.get(one).rows.values()) {
          if (world.finds(now, row.image())
              && rule(one).onStored(now, row.image(), row.sequence(), settled.get(one))
                  instanceof Emit emit) {
            answers.add(emit);
          }
        }
      } else {
        for (Emit emit : answers) {
          if (known.add(CopyWorld.key(emit))) {
            write(emit, true);
            foundByJob++;
          }
        }
        answers.clear();
        after = now.id();
        image = null;
      }
    }

    /// Takes the next image as its partition stores it.
    private void take() {
      TreeMap<String, Row> rows = new TreeMap<>(world.partitions.get(partition).rows);
      String next = rows.higherKey(after);
      if (next != null) {
        Row row = rows.get(next);
        if (row != null && row.sequence() <= settled.get(partition)) {
          image = row.image();
          for (int i = 0; i < world.partitions.size(); i++) {
            asked.add(i);
          }
        } else {
          after = next;
        }
      } else if (partition + 1 < world.partitions.size()) {
        partition++;
        after = "";
      } else {
        done = true;
      }
    }
  }
}

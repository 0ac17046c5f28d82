package dev.mekiki.hashing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.bucket.MatchCandidate;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.routing.PlacementPlan;
import dev.mekiki.hashing.routing.Routing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whole worlds in one thread: images come on several id partitions, a placement task for each
/// sends them to their home and replica partitions, and every partition reads its log at its own
/// pace. Only the order of one task's records in one partition is kept, as a Kafka producer keeps
/// it; everything else interleaves by chance.
///
/// In each world: each matching pair of final revisions is emitted once, no pair of revisions
/// twice, and nothing is emitted that does not match.
///
/// `-Dmekiki.worlds=N` sets how many worlds there are.
class WorldSimulationTest {
  private static final long SEED = Seeds.seed(WorldSimulationTest.class);
  private static final int WORLDS = Integer.getInteger("mekiki.worlds", 20_000);

  @Test
  void everyFinalPairIsEmittedOnceAndNoPairTwice() {
    long finalPairs = 0;
    long emitted = 0;
    long replicas = 0;
    for (int number = 0; number < WORLDS; number++) {
      World world = new World(Seeds.random(SEED, number));
      world.run();

      Set<Pair> expected = world.finalPairs();
      String label = "world %d of seed %d".formatted(number, SEED);
      assertThat(world.emitted).as(label).doesNotHaveDuplicates().containsAll(expected);
      assertThat(world.wrong).as(label).isEmpty();
      finalPairs += expected.size();
      emitted += world.emitted.size();
      replicas += world.replicas;
    }
    System.out.printf(
        "worlds: worlds=%d final_pairs=%d emitted=%d replicas=%d%n",
        WORLDS, finalPairs, emitted, replicas);
    // Worlds in which nothing happens would prove nothing.
    assertThat(finalPairs).isGreaterThan(WORLDS);
    assertThat(emitted).isGreaterThan(finalPairs);
    assertThat(replicas).isGreaterThan(WORLDS);
  }

  /// What an image shows. The same content always has the same code here.
  private record Content(HashCode code, Fingerprint fingerprint, Sha256 sha256) {}

  /// A change on the images topic; null deletes.
  private record Change(
      String id, @Nullable Content content, Revision coordinate, long time, boolean muted) {}

  /// A record for one partition of placements; null removes.
  private record Copy(int partition, String id, @Nullable PlacedRevision placement) {}

  /// A pair that was emitted or is due, the later image first.
  private record Pair(MatchLevel level, String later, Revision a, String earlier, Revision b) {}

  private static final class World {
    private final Random random;
    private final Routing routing;
    private final int replicationRadius;
    private final MatchPolicy policy;
    private final MatchRule rule;
    private final List<Queue<Change>> images = new ArrayList<>();
    private final List<PlacementTask> tasks = new ArrayList<>();
    private final List<Queue<Copy>> logs = new ArrayList<>();
    private final List<Partition> partitions = new ArrayList<>();
    private final Map<String, PlacedRevision> finals = new TreeMap<>();
    private final Map<String, PlacedRevision> everPlaced = new HashMap<>();

    final List<Pair> emitted = new ArrayList<>();
    final List<String> wrong = new ArrayList<>();
    long replicas;

    World(Random random) {
      this.random = random;
      int bits = random.nextBoolean() ? 16 : 32;
      CenterTable centers = RandomCodes.centers(bits, 2 + random.nextInt(7), random);
      int count = 2 + random.nextInt(5);
      this.routing =
          random.nextBoolean()
              ? Routing.byProximity(centers, count)
              : new Routing(centers, count, random.ints(centers.size(), 0, count).boxed().toList());
      this.replicationRadius = random.nextInt(5);
      int radius = random.nextInt(replicationRadius + 1);
      this.policy =
          new MatchPolicy(
              radius, 31, random.nextBoolean() ? null : random.nextInt(replicationRadius + 1));
      this.rule = new MatchRule(policy);
      for (int partition = 0; partition < count; partition++) {
        logs.add(new ArrayDeque<>());
        partitions.add(new Partition(partition, centers));
      }
      int idPartitions = 1 + random.nextInt(4);
      for (int task = 0; task < idPartitions; task++) {
        images.add(new ArrayDeque<>());
        tasks.add(new PlacementTask());
      }
      write(centers, 5 + random.nextInt(40));
    }

    /// The images topic from beginning to end.
    private void write(CenterTable centers, int changes) {
      List<HashCode> heads = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        heads.add(RandomCodes.mixed(centers, random));
      }
      Fingerprint print = RandomCodes.fingerprint(random);
      List<Content> contents = new ArrayList<>();
      for (int i = 0; i < 2 + random.nextInt(8); i++) {
        HashCode code =
            RandomCodes.at(heads.get(random.nextInt(heads.size())), random.nextInt(5), random);
        HashCode shown = RandomCodes.at(print.code(), random.nextInt(40), random);
        contents.add(new Content(code, new Fingerprint(shown, 100), new Sha256(i, 0, 0, 0)));
      }
      int ids = 2 + random.nextInt(10);
      for (int offset = 0; offset < changes; offset++) {
        String id = "image-" + random.nextInt(ids);
        int idPartition = Math.floorMod(id.hashCode(), images.size());
        Content content =
            random.nextInt(5) == 0 ? null : contents.get(random.nextInt(contents.size()));
        // Clocks of producers differ, so that times neither rise with offsets nor are all
        // different.
        images
            .get(idPartition)
            .add(
                new Change(
                    id,
                    content,
                    new Revision("images", idPartition, offset),
                    offset / 2 + random.nextInt(4),
                    random.nextInt(10) == 0));
      }
    }

    /// Steps in any order until nothing is left to do.
    void run() {
      List<Runnable> steps = new ArrayList<>();
      do {
        steps.clear();
        for (int task = 0; task < tasks.size(); task++) {
          PlacementTask placement = tasks.get(task);
          Queue<Change> changes = images.get(task);
          if (!changes.isEmpty()) {
            steps.add(() -> placement.place(changes.remove()));
          }
          for (Queue<Copy> outbox : placement.outboxes.values()) {
            if (!outbox.isEmpty()) {
              steps.add(() -> send(outbox.remove()));
            }
          }
        }
        for (Partition partition : partitions) {
          Queue<Copy> log = logs.get(partition.number);
          if (!log.isEmpty()) {
            steps.add(() -> partition.read(log.remove()));
          }
        }
        if (!steps.isEmpty()) {
          steps.get(random.nextInt(steps.size())).run();
        }
      } while (!steps.isEmpty());
    }

    private void send(Copy copy) {
      logs.get(copy.partition()).add(copy);
    }

    /// The pairs due among what is left at the end, by the words of the guarantee.
    Set<Pair> finalPairs() {
      Set<Pair> pairs = new HashSet<>();
      List<PlacedRevision> left = List.copyOf(finals.values());
      for (PlacedRevision a : left) {
        for (PlacedRevision b : left) {
          boolean aIsLater =
              a.imageTimeMillis() > b.imageTimeMillis()
                  || (a.imageTimeMillis() == b.imageTimeMillis() && a.id().compareTo(b.id()) > 0);
          MatchLevel level = level(a, b);
          if (aIsLater && level != null && !a.muted()) {
            pairs.add(new Pair(level, a.id(), a.revision(), b.id(), b.revision()));
          }
        }
      }
      return pairs;
    }

    private @Nullable MatchLevel level(PlacedRevision a, PlacedRevision b) {
      int distance = a.code().distance(b.code());
      Integer near = policy.nearRadius();
      if (distance <= policy.radius() && a.sha256().equals(b.sha256())) {
        return MatchLevel.EXACT;
      }
      if (distance <= policy.radius()
          && a.fingerprint().distance(b.fingerprint()) <= policy.fingerprintRadius()) {
        return MatchLevel.DUPLICATE;
      }
      return near != null && distance <= near ? MatchLevel.NEAR : null;
    }

    /// Remembers each image's last placement and sends it to the partitions it enters, stays in and
    /// leaves.
    private final class PlacementTask {
      private final Map<String, PlacedRevision> last = new HashMap<>();
      private final Map<String, Set<Integer>> placedIn = new HashMap<>();
      final Map<Integer, Queue<Copy>> outboxes = new TreeMap<>();

      void place(Change change) {
        Content content = change.content();
        PlacedRevision before = last.get(change.id());
        if (content == null) {
          last.remove(change.id());
          finals.remove(change.id());
          Set<Integer> left = placedIn.remove(change.id());
          if (left != null) {
            left.forEach(partition -> enqueue(partition, change.id(), null));
          }
          return;
        }
        if (before != null && before.sha256().equals(content.sha256())) {
          // The same bytes again: dropped, or, where the metadata is new, sent on as the same
          // revision.
          if (random.nextBoolean()) {
            placedIn
                .getOrDefault(change.id(), Set.of())
                .forEach(partition -> enqueue(partition, change.id(), before));
          }
          return;
        }
        PlacementPlan plan = routing.plan(content.code(), replicationRadius);
        PlacedRevision placed =
            new PlacedRevision(
                change.id(),
                change.coordinate(),
                content.code(),
                content.fingerprint(),
                content.sha256(),
                plan.homePartition(),
                change.time(),
                change.muted());
        last.put(change.id(), placed);
        finals.put(change.id(), placed);
        everPlaced.put(change.id() + change.coordinate(), placed);
        Set<Integer> left = new TreeSet<>(placedIn.getOrDefault(change.id(), Set.of()));
        plan.partitions().forEach(left::remove);
        left.forEach(partition -> enqueue(partition, change.id(), null));
        plan.partitions().forEach(partition -> enqueue(partition, change.id(), placed));
        placedIn.put(change.id(), Set.copyOf(plan.partitions()));
        replicas += plan.partitions().size() - 1L;
      }

      private void enqueue(int partition, String id, @Nullable PlacedRevision placement) {
        outboxes
            .computeIfAbsent(partition, _ -> new ArrayDeque<>())
            .add(new Copy(partition, id, placement));
      }
    }

    private final class Partition {
      final int number;
      private final PartitionIndex index;
      private final Map<String, PlacedRevision> placements = new HashMap<>();

      Partition(int number, CenterTable centers) {
        this.number = number;
        this.index = new PartitionIndex(centers);
      }

      void read(Copy copy) {
        PlacedRevision arrival = copy.placement();
        if (arrival == null) {
          placements.remove(copy.id());
          index.remove(copy.id());
          return;
        }
        PlacedRevision existing = placements.put(arrival.id(), arrival);
        index.put(
            new IndexedImage(
                arrival.id(),
                arrival.code(),
                arrival.fingerprint(),
                arrival.homePartition() == number,
                Map.of()));
        if (MatchRule.repeats(existing, arrival)) {
          return;
        }
        for (MatchCandidate candidate :
            index.candidates(
                arrival.code(),
                arrival.fingerprint(),
                policy.codeRadius(),
                policy.candidateFingerprintRadius(),
                arrival.homePartition() == number)) {
          PlacedRevision other = placements.get(candidate.id());
          if (other != null && rule.decide(number, arrival, other) instanceof Emit emit) {
            record(emit);
          }
        }
      }

      private void record(Emit emit) {
        PlacedRevision later = emit.later();
        PlacedRevision earlier = emit.earlier();
        emitted.add(
            new Pair(emit.level(), later.id(), later.revision(), earlier.id(), earlier.revision()));
        if (emit.level() != level(later, earlier)
            || !later.equals(everPlaced.get(later.id() + later.revision()))
            || !earlier.equals(everPlaced.get(earlier.id() + earlier.revision()))) {
          wrong.add(emit.toString());
        }
      }
    }
  }
}

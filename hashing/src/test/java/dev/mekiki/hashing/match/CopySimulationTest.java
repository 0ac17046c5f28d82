package dev.mekiki.hashing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
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

  private static final CopyRule RULE = new CopyRule(new MatchPolicy(Reach.EVERYWHERE, 0, 31, null));

  private long both;
  private long oneWay;
  private long lost;
  private long twice;
  private long wrong;

  /// The rule for probes, or a wrong one.
  private interface ProbeRule {
    MatchDecision decide(PlacedRevision probe, long seen, PlacedRevision row, long rowSequence);
  }

  private record Probe(int from, int to, PlacedRevision image, long sequence, long seen) {}

  private record Row(PlacedRevision image, long sequence) {}

  /// A change of an image; null removes it.
  private record Change(String id, @Nullable PlacedRevision image) {}

  private static final class Partition {
    final Deque<Change> arrivals = new ArrayDeque<>();
    final Map<Integer, Deque<Probe>> probes = new TreeMap<>();
    final Map<String, Row> rows = new TreeMap<>();
    final long[] lastProbe;
    long sent;

    Partition(int partitions) {
      lastProbe = new long[partitions];
    }
  }

  private static final class World {
    final Random random;
    final ProbeRule rule;
    final List<Partition> partitions = new ArrayList<>();
    final Map<String, PlacedRevision> finals = new TreeMap<>();
    final Map<String, Integer> passedOn = new HashMap<>();
    private final int finders;

    World(Random random, ProbeRule rule) {
      this.random = random;
      this.rule = rule;
      finders = random.nextInt();
      int count = 2 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        partitions.add(new Partition(count));
      }
      int ids = 2 + random.nextInt(8);
      int changes = 5 + random.nextInt(40);
      for (int offset = 0; offset < changes; offset++) {
        String id = "image-" + random.nextInt(ids);
        PlacedRevision image = random.nextInt(5) == 0 ? null : image(id, offset);
        partitions.get(partitionOf(id)).arrivals.add(new Change(id, image));
        if (image == null) {
          finals.remove(id);
        } else {
          finals.put(id, image);
        }
      }
    }

    private int partitionOf(String id) {
      return Math.floorMod(id.hashCode(), partitions.size());
    }

    private PlacedRevision image(String id, int offset) {
      HashCode print = RandomCodes.uniform(Fingerprint.BITS, random);
      return new PlacedRevision(
          id,
          new Revision("images", 0, offset),
          RandomCodes.uniform(16, random),
          new Fingerprint(print, 100),
          new Sha256(offset, 0, 0, 0),
          0,
          random.nextInt(10),
          false);
    }

    /// Whether the landmarks that one looks for hit those of the other: drawn for each direction.
    boolean finds(PlacedRevision one, PlacedRevision other) {
      long pair = 1000L * one.revision().offset() + other.revision().offset();
      return (Long.hashCode(pair * 0x9E3779B97F4A7C15L) ^ finders) % 3 != 0;
    }

    void run() {
      while (true) {
        List<Runnable> steps = new ArrayList<>();
        for (int here = 0; here < partitions.size(); here++) {
          int number = here;
          Partition partition = partitions.get(here);
          if (!partition.arrivals.isEmpty()) {
            steps.add(() -> arrive(number, partition.arrivals.remove()));
          }
          for (Deque<Probe> way : partition.probes.values()) {
            if (!way.isEmpty()) {
              steps.add(() -> probed(partition, way.remove()));
            }
          }
        }
        if (steps.isEmpty()) {
          return;
        }
        steps.get(random.nextInt(steps.size())).run();
      }
    }

    private void arrive(int here, Change change) {
      Partition partition = partitions.get(here);
      PlacedRevision image = change.image();
      if (image == null) {
        partition.rows.remove(change.id());
        return;
      }
      long sequence = ++partition.sent;
      partition.rows.put(change.id(), new Row(image, sequence));
      for (Row row : partition.rows.values()) {
        if (finds(image, row.image())) {
          note(RULE.onArrival(image, row.image()));
        }
      }
      for (int to = 0; to < partitions.size(); to++) {
        if (to != here) {
          partitions
              .get(to)
              .probes
              .computeIfAbsent(here, _ -> new ArrayDeque<>())
              .add(new Probe(here, to, image, sequence, partition.lastProbe[to]));
        }
      }
    }

    private void probed(Partition partition, Probe probe) {
      partition.lastProbe[probe.from()] = probe.sequence();
      for (Row row : partition.rows.values()) {
        if (finds(probe.image(), row.image())) {
          note(rule.decide(probe.image(), probe.seen(), row.image(), row.sequence()));
        }
      }
    }

    private void note(MatchDecision decision) {
      if (decision instanceof Emit emit) {
        passedOn.merge(key(emit.later(), emit.earlier()), 1, Integer::sum);
      }
    }

    static String key(PlacedRevision a, PlacedRevision b) {
      List<Long> offsets = new ArrayList<>(List.of(a.revision().offset(), b.revision().offset()));
      Collections.sort(offsets);
      return offsets.toString();
    }
  }

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
      World world = new World(Seeds.random(SEED, number), rule);
      world.run();
      twice += world.passedOn.values().stream().filter(times -> times > 1).count();
      List<PlacedRevision> left = List.copyOf(world.finals.values());
      for (int i = 0; i < left.size(); i++) {
        for (int j = i + 1; j < left.size(); j++) {
          PlacedRevision a = left.get(i);
          PlacedRevision b = left.get(j);
          int ways = (world.finds(a, b) ? 1 : 0) + (world.finds(b, a) ? 1 : 0);
          boolean passedOn = world.passedOn.containsKey(World.key(a, b));
          both += ways == 2 ? 1 : 0;
          oneWay += ways == 1 && passedOn ? 1 : 0;
          lost += ways == 2 && !passedOn ? 1 : 0;
          wrong += ways == 0 && passedOn ? 1 : 0;
        }
      }
    }
  }
}

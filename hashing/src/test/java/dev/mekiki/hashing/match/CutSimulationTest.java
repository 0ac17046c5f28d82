package dev.mekiki.hashing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Two generations read the same images, each at its own pace and with its own centers, while it is
/// said again and again which of them is active. Over both, each matching pair of final revisions
/// is emitted once, and no pair of revisions twice.
///
/// `-Dmekiki.worlds=N` sets how many worlds there are.
class CutSimulationTest {
  private static final long SEED = Seeds.seed(CutSimulationTest.class);
  private static final int WORLDS = Integer.getInteger("mekiki.worlds", 5_000);

  /// Worlds within which a wrong way must show.
  private static final int WORLDS_OF_A_MUTATION = 500;

  private final Counts counts = new Counts();

  /// What went wrong, and how much happened.
  private static final class Counts {
    long finalPairs;
    long ofFirst;
    long ofSecond;
    long lost;
    long twice;
  }

  /// A cut: by partition of images the first offset after it, and by generation and partition of
  /// codes how many records stand before its marker.
  private record Cut(List<Long> offsets, List<List<Integer>> markers) {}

  /// How a generation takes cuts.
  private enum Way {
    /// By the offsets that the cut names, known from its marker on.
    OFFSETS,
    /// The same, but the cut is known some time after its marker only.
    OFFSETS_KNOWN_LATE,
    /// By where the marker stands among the codes of its own network.
    OWN_MARKERS
  }

  @Test
  void everyFinalPairIsEmittedByOneGenerationAndOnce() {
    run(WORLDS, Way.OFFSETS);

    System.out.printf(
        "cuts: worlds=%d final_pairs=%d of_first=%d of_second=%d%n",
        WORLDS, counts.finalPairs, counts.ofFirst, counts.ofSecond);
    assertThat(List.of(counts.lost, counts.twice)).containsOnly(0L);
    // Worlds in which one generation reports all would prove nothing.
    assertThat(counts.finalPairs).isGreaterThan(WORLDS / 2);
    assertThat(counts.ofFirst).isGreaterThan(counts.finalPairs / 4);
    assertThat(counts.ofSecond).isGreaterThan(counts.finalPairs / 4);
  }

  @Test
  void whoIsToldLateReportsPairsOfTheOther() {
    run(WORLDS_OF_A_MUTATION, Way.OFFSETS_KNOWN_LATE);

    assertThat(counts.lost + counts.twice).isPositive();
  }

  @Test
  void markersAloneDivideImagesInDifferentWays() {
    run(WORLDS_OF_A_MUTATION, Way.OWN_MARKERS);

    assertThat(counts.lost).isPositive();
    assertThat(counts.twice).isPositive();
  }

  private void run(int worlds, Way way) {
    for (int number = 0; number < worlds; number++) {
      Random random = Seeds.random(SEED, number);
      Reach reach = number % 2 == 0 ? Reach.EVERYWHERE : Reach.CODES;
      SimulatedWorld first = new SimulatedWorld(random, reach, MatchRule::onProbe);
      SimulatedWorld second = new SimulatedWorld(first, random);
      List<Cut> cuts = cuts(first.offsets(), 1 + random.nextInt(3), random);
      first.reporting = reporting(cuts, 0, way);
      second.reporting = reporting(cuts, 1, way);
      first.run();
      second.run();

      Set<SimulatedWorld.Pair> expected = first.finalPairs();
      assertThat(second.finalPairs()).isEqualTo(expected);
      List<SimulatedWorld.Pair> emitted = new ArrayList<>(first.emitted);
      emitted.addAll(second.emitted);
      Set<SimulatedWorld.Pair> distinct = new HashSet<>(emitted);
      counts.lost += expected.stream().filter(pair -> !distinct.contains(pair)).count();
      counts.twice += (long) emitted.size() - distinct.size();
      counts.finalPairs += expected.size();
      counts.ofFirst += first.emitted.size();
      counts.ofSecond += second.emitted.size();
    }
  }

  /// Cuts at any moments: how far the encoders of each generation had come with each partition, and
  /// how many images there were, at least those that either had encoded.
  private static List<Cut> cuts(List<List<Long>> images, int count, Random random) {
    List<Cut> cuts = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      List<Long> offsets = new ArrayList<>();
      List<List<Integer>> markers = List.of(new ArrayList<>(), new ArrayList<>());
      for (int partition = 0; partition < images.size(); partition++) {
        List<Long> all = images.get(partition);
        int end = all.size();
        int least = cuts.isEmpty() ? 0 : came(cuts.getLast(), partition);
        int written = least + random.nextInt(end - least + 1);
        offsets.add(written == end ? Long.MAX_VALUE : all.get(written));
        for (int generation = 0; generation < 2; generation++) {
          int before = cuts.isEmpty() ? 0 : cuts.getLast().markers().get(generation).get(partition);
          markers.get(generation).add(before + random.nextInt(written - before + 1));
        }
      }
      cuts.add(new Cut(offsets, markers));
    }
    return cuts;
  }

  private static int came(Cut cut, int partition) {
    return Math.max(cut.markers().get(0).get(partition), cut.markers().get(1).get(partition));
  }

  /// The first generation is active at first; each cut makes the other one active.
  private static SimulatedWorld.Reporting reporting(List<Cut> cuts, int generation, Way way) {
    return (task, position, revision) -> {
      List<Eras.Cut> known = new ArrayList<>();
      for (int number = 1; number <= cuts.size(); number++) {
        Cut cut = cuts.get(number - 1);
        int marker = cut.markers().get(generation).get(task);
        int knownFrom = way == Way.OFFSETS_KNOWN_LATE ? marker + 3 : marker;
        if (position >= knownFrom) {
          boolean isOwn = number % 2 == generation;
          List<Long> offsets = way == Way.OWN_MARKERS ? List.of() : cut.offsets();
          known.add(new Eras.Cut(isOwn, "", offsets));
        }
      }
      return new Eras(known, 0, generation == 1).of(revision, "");
    };
  }
}

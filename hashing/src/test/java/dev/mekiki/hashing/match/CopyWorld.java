package dev.mekiki.hashing.match;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Partitions of landmarks in a small world: images come, change and go, each partition reads
/// arrivals and probes at its own pace, and which picture finds which by its landmarks is drawn by
/// chance for each direction.
final class CopyWorld {
  static final MatchPolicy POLICY = new MatchPolicy(Reach.EVERYWHERE, 0, 31, null);

  final Random random;
  final List<Partition> partitions = new ArrayList<>();
  private final Map<String, PlacedRevision> finals = new TreeMap<>();
  private final IntFunction<CopyRule> rules;
  private final ProbeRule probeRule;
  private final Sink sink;
  private final int finders;

  /// What a partition does with a probe.
  interface ProbeRule {
    MatchDecision decide(
        int partition, PlacedRevision probe, long seen, PlacedRevision row, long rowSequence);
  }

  /// Takes the pairs that a partition passes on.
  interface Sink {
    void add(int partition, Emit emit);
  }

  /// What else may happen next.
  interface Others {
    void addSteps(List<Runnable> steps);
  }

  private record Probe(int from, PlacedRevision image, long sequence, long seen) {}

  record Row(PlacedRevision image, long sequence) {}

  /// A change of an image; null removes it.
  private record Change(String id, @Nullable PlacedRevision image) {}

  /// Two images that are there in the end.
  ///
  /// @param ways in how many directions one finds the other
  record FinalPair(PlacedRevision a, PlacedRevision b, int ways) {
    String key() {
      return CopyWorld.key(a, b);
    }
  }

  static final class Partition {
    final Map<String, Row> rows = new TreeMap<>();
    long sent;
    private final Deque<Change> arrivals = new ArrayDeque<>();
    private final Map<Integer, Deque<Probe>> probes = new TreeMap<>();
    private final long[] lastProbe;

    private Partition(int partitions) {
      lastProbe = new long[partitions];
    }

    /// Whether a probe of another partition up to a number is still on its way.
    boolean awaits(int from, long sequence) {
      Deque<Probe> way = probes.get(from);
      return way != null && !way.isEmpty() && way.element().sequence() <= sequence;
    }
  }

  /// @param rules by which a partition decides on arrivals
  CopyWorld(Random random, IntFunction<CopyRule> rules, ProbeRule probeRule, Sink sink) {
    this.random = random;
    this.rules = rules;
    this.probeRule = probeRule;
    this.sink = sink;
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

  int partitionOf(String id) {
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

  /// Goes on until nothing can happen any more.
  void run(Others others) {
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
            steps.add(() -> probed(number, way.remove()));
          }
        }
      }
      others.addSteps(steps);
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
        pass(here, rules.apply(here).onArrival(image, row.image()));
      }
    }
    for (int to = 0; to < partitions.size(); to++) {
      if (to != here) {
        partitions
            .get(to)
            .probes
            .computeIfAbsent(here, _ -> new ArrayDeque<>())
            .add(new Probe(here, image, sequence, partition.lastProbe[to]));
      }
    }
  }

  private void probed(int here, Probe probe) {
    Partition partition = partitions.get(here);
    partition.lastProbe[probe.from()] = probe.sequence();
    for (Row row : partition.rows.values()) {
      if (finds(probe.image(), row.image())) {
        pass(
            here, probeRule.decide(here, probe.image(), probe.seen(), row.image(), row.sequence()));
      }
    }
  }

  private void pass(int here, MatchDecision decision) {
    if (decision instanceof Emit emit) {
      sink.add(here, emit);
    }
  }

  /// All pairs of the images that are there in the end.
  List<FinalPair> finalPairs() {
    List<FinalPair> pairs = new ArrayList<>();
    List<PlacedRevision> left = List.copyOf(finals.values());
    for (int i = 0; i < left.size(); i++) {
      for (int j = i + 1; j < left.size(); j++) {
        PlacedRevision a = left.get(i);
        PlacedRevision b = left.get(j);
        pairs.add(new FinalPair(a, b, (finds(a, b) ? 1 : 0) + (finds(b, a) ? 1 : 0)));
      }
    }
    return pairs;
  }

  static String key(Emit emit) {
    return key(emit.later(), emit.earlier());
  }

  static String key(PlacedRevision a, PlacedRevision b) {
    List<Long> offsets = new ArrayList<>(List.of(a.revision().offset(), b.revision().offset()));
    Collections.sort(offsets);
    return offsets.toString();
  }
}

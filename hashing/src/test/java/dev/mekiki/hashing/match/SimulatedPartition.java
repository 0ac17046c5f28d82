package dev.mekiki.hashing.match;

import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.bucket.MatchCandidate;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.SimulatedWorld.Arrival;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One partition of a {@link SimulatedWorld}, with the real search structure. It reads its two
/// inputs in transactions of a few records, in any interleaving. Some transactions are aborted:
/// state, events and probes are as before, and the records are read again, maybe interleaved in
/// another way.
final class SimulatedPartition {
  private final SimulatedWorld world;
  private final int number;
  private final PartitionIndex index;

  final Deque<Arrival> arrivals = new ArrayDeque<>();
  final Deque<Probe> probes = new ArrayDeque<>();

  /// By receiver: probes sent and not yet in its log.
  final List<Deque<Probe>> ways = new ArrayList<>();

  // The state that a changelog would keep.
  private Map<String, Row> rows = new HashMap<>();
  private long probesSent;
  private long[] lastProbe;

  // Of the transaction.
  private final List<Emit> events = new ArrayList<>();
  private final List<Probe> sent = new ArrayList<>();
  private final Set<String> touched = new HashSet<>();

  private record Row(PlacedRevision placement, long sequence) {}

  /// A probe on its way.
  record Probe(int from, int to, PlacedRevision placement, long sequence, long seen) {}

  SimulatedPartition(SimulatedWorld world, int number, CenterTable centers, int partitions) {
    this.world = world;
    this.number = number;
    this.index = new PartitionIndex(centers);
    this.lastProbe = new long[partitions];
    for (int to = 0; to < partitions; to++) {
      ways.add(new ArrayDeque<>());
    }
  }

  boolean hasInput() {
    return !arrivals.isEmpty() || !probes.isEmpty();
  }

  /// Whether it has input of that sender up to a number, or such input is on its way to it.
  boolean awaits(SimulatedPartition sender, long sequence) {
    return Stream.concat(
            probes.stream().filter(probe -> probe.from() == sender.number),
            sender.ways.get(number).stream())
        .anyMatch(probe -> probe.sequence() <= sequence);
  }

  /// The number of the last arrival that sent probes.
  long lastSequence() {
    return probesSent;
  }

  /// The first image after an id, up to a number.
  @Nullable PlacedRevision next(String after, long settled) {
    return rows.values().stream()
        .filter(row -> row.placement().id().compareTo(after) > 0 && row.sequence() <= settled)
        .min(Comparator.comparing(row -> row.placement().id()))
        .map(Row::placement)
        .orElse(null);
  }

  /// Whether that revision stands here.
  boolean holds(PlacedRevision image) {
    Row row = rows.get(image.id());
    return row != null && MatchRule.repeats(row.placement(), image);
  }

  /// The matches of an image that is stored here or elsewhere.
  List<Emit> lookUp(PlacedRevision image, long settled) {
    world.decisions.enter(number);
    List<Emit> found = new ArrayList<>();
    if (!isHeldBack(image)) {
      for (Row row : candidates(image)) {
        if (world.rule.onStored(image, row.placement(), row.sequence(), settled)
            instanceof Emit emit) {
          found.add(emit);
        }
      }
    }
    return found;
  }

  void runTransaction() {
    world.decisions.enter(number);
    Map<String, Row> rowsBefore = new HashMap<>(rows);
    long probesSentBefore = probesSent;
    long[] lastProbeBefore = lastProbe.clone();
    Deque<Arrival> readArrivals = new ArrayDeque<>();
    Deque<Probe> readProbes = new ArrayDeque<>();
    for (int left = world.transactionSize(arrivals.size() + probes.size()); left > 0; left--) {
      if (probes.isEmpty() || (!arrivals.isEmpty() && world.random.nextBoolean())) {
        readArrivals.push(arrivals.remove());
        read(readArrivals.peek());
      } else {
        readProbes.push(probes.remove());
        read(readProbes.peek());
      }
    }
    if (world.isAborted()) {
      world.aborts++;
      rows = rowsBefore;
      probesSent = probesSentBefore;
      lastProbe = lastProbeBefore;
      readArrivals.forEach(arrivals::addFirst);
      readProbes.forEach(probes::addFirst);
      touched.forEach(this::restore);
    } else {
      world.emit(events);
      sent.forEach(probe -> world.send(probe, ways.get(probe.to())));
    }
    events.clear();
    sent.clear();
    touched.clear();
  }

  private void restore(String id) {
    Row row = rows.get(id);
    if (row == null) {
      index.remove(id);
    } else {
      index.put(image(row.placement()));
    }
  }

  private static IndexedImage image(PlacedRevision placement) {
    return new IndexedImage(placement.id(), placement.code(), placement.fingerprint(), Map.of());
  }

  private void read(Arrival input) {
    PlacedRevision placed = input.placement();
    touched.add(input.id());
    if (placed == null) {
      rows.remove(input.id());
      index.remove(input.id());
      return;
    }
    Row before = rows.get(placed.id());
    if (before != null && MatchRule.repeats(before.placement(), placed)) {
      rows.put(placed.id(), new Row(placed, before.sequence()));
      index.put(image(placed));
      return;
    }
    if (isHeldBack(placed)) {
      rows.put(placed.id(), new Row(placed, 0));
      index.put(image(placed));
      return;
    }
    long sequence = ++probesSent;
    rows.put(placed.id(), new Row(placed, sequence));
    index.put(image(placed));
    for (Row row : candidates(placed)) {
      note(world.rule.onArrival(placed, row.placement()));
    }
    for (int to :
        world.routing.probed(
            placed.code(), number, world.policy.reach(), world.policy.codeRadius())) {
      sent.add(new Probe(number, to, placed, sequence, lastProbe[to]));
    }
  }

  private void read(Probe probe) {
    lastProbe[probe.from()] = probe.sequence();
    if (isHeldBack(probe.placement())) {
      return;
    }
    for (Row row : candidates(probe.placement())) {
      note(
          world.probeRule.decide(
              world.rule, probe.placement(), probe.seen(), row.placement(), row.sequence()));
    }
  }

  private boolean isHeldBack(PlacedRevision image) {
    return world.rule.filter().leavesOutAllOf(image) || world.decisions.holdsBack(image);
  }

  private List<Row> candidates(PlacedRevision placement) {
    return index
        .candidates(index.arrival(image(placement)), world.policy.criteria(placement.code().bits()))
        .stream()
        .map(MatchCandidate::id)
        .map(rows::get)
        .toList();
  }

  private void note(MatchDecision decision) {
    if (decision instanceof Emit emit) {
      events.add(emit);
    }
  }
}

package dev.mekiki.hashing.match;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.routing.Routing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A whole world in one thread: images come on several id partitions, a placement task for each
/// sends them to their homes, and every partition reads its arrivals and its probes at its own
/// pace, in any interleaving ({@link SimulatedPartition}). Only the order of what one task sends to
/// one partition is kept, as a Kafka producer keeps it; everything else happens by chance.
final class SimulatedWorld {
  final Random random;
  final Routing routing;
  final MatchPolicy policy;
  final MatchRule rule;
  final ProbeRule probeRule;
  final Decisions decisions;
  private final SimulatedSetup.Limits limits;
  private final List<Queue<SimulatedSetup.Change>> images = new ArrayList<>();
  private final List<PlacementTask> tasks = new ArrayList<>();
  final List<SimulatedPartition> partitions = new ArrayList<>();
  private final Map<String, PlacedRevision> finals = new TreeMap<>();
  private final Map<String, PlacedRevision> everPlaced = new HashMap<>();

  final List<Pair> emitted = new ArrayList<>();
  final List<String> wrong = new ArrayList<>();
  long probes;
  long aborts;

  /// Whose pairs are reported here, where another world reads the same images.
  Reporting reporting = (_, _, _) -> Era.FIRST;

  private final Map<Revision, Era> eras = new HashMap<>();

  /// What placement knows of the era of a revision that it comes to.
  interface Reporting {
    /// The era that is written into a placement.
    ///
    /// @param task the partition of images
    /// @param position number of records that the task has read before
    Era era(int task, int position, Revision revision);
  }

  /// The rule for probes, or a wrong one.
  interface ProbeRule {
    MatchDecision decide(
        MatchRule rule, PlacedRevision probe, long seen, PlacedRevision row, long rowSequence);
  }

  /// A record for the home partition of an image; null removes.
  record Arrival(int partition, String id, @Nullable PlacedRevision placement) {}

  /// A pair that was emitted or is due, the later image first.
  record Pair(MatchLevel level, String later, Revision a, String earlier, Revision b) {}

  /// What was decided about images and pairs, for the whole time of a world.
  interface Decisions {
    /// Nobody decided anything, and all images are of one tenant.
    Decisions NONE =
        new Decisions() {
          @Override
          public PairFilter filter() {
            return OriginFilter.DEFAULT;
          }

          @Override
          public Origin origin(Random random) {
            return Origin.UNKNOWN;
          }

          @Override
          public boolean isSilent(PlacedRevision a, PlacedRevision b, MatchLevel level) {
            return false;
          }

          @Override
          public boolean holdsBack(PlacedRevision image) {
            return false;
          }
        };

    /// What the partitions ask.
    PairFilter filter();

    /// Of a change.
    Origin origin(Random random);

    /// Whether a pair that matches is to make no event, by the words of the guarantee.
    boolean isSilent(PlacedRevision a, PlacedRevision b, MatchLevel level);

    /// The same of a pair whose event was made at any time.
    default boolean isForbidden(PlacedRevision a, PlacedRevision b, MatchLevel level) {
      return isSilent(a, b, level);
    }

    /// Whether an image is not looked up just now.
    boolean holdsBack(PlacedRevision image);

    /// A partition asks from now on.
    default void enter(int partition) {}
  }

  /// Others that do something while the world runs.
  interface Others {
    /// Adds what they may do next.
    void addSteps(List<Runnable> steps);
  }

  SimulatedWorld(Random random, Reach reach, ProbeRule probeRule) {
    this(random, reach, probeRule, Decisions.NONE);
  }

  SimulatedWorld(Random random, Reach reach, ProbeRule probeRule, Decisions decisions) {
    this(random, SimulatedSetup.drawn(random, reach, decisions), probeRule, decisions);
  }

  /// A given world.
  ///
  /// @param random decides in which order things happen
  SimulatedWorld(Random random, SimulatedSetup setup, ProbeRule probeRule, Decisions decisions) {
    this.random = random;
    this.probeRule = probeRule;
    this.decisions = decisions;
    this.limits = setup.limits();
    this.routing = setup.routing();
    this.policy = setup.policy();
    this.rule = new MatchRule(policy, decisions.filter());
    for (int partition = 0; partition < routing.partitions(); partition++) {
      partitions.add(
          new SimulatedPartition(this, partition, routing.centers(), routing.partitions()));
    }
    for (int task = 0; task < setup.images().size(); task++) {
      images.add(new ArrayDeque<>(setup.images().get(task)));
      tasks.add(new PlacementTask(task));
    }
  }

  /// A world that reads the images of another one by itself, with other centers and partitions.
  SimulatedWorld(SimulatedWorld other, Random random) {
    this.random = random;
    this.probeRule = other.probeRule;
    this.decisions = other.decisions;
    this.limits = other.limits;
    this.policy = other.policy;
    this.rule = other.rule;
    CenterTable centers =
        RandomCodes.centers(other.routing.centers().bits(), 2 + random.nextInt(7), random);
    int count = 2 + random.nextInt(5);
    this.routing = Routing.byProximity(centers, count);
    for (int partition = 0; partition < count; partition++) {
      partitions.add(new SimulatedPartition(this, partition, centers, count));
    }
    for (int task = 0; task < other.images.size(); task++) {
      images.add(new ArrayDeque<>(other.images.get(task)));
      tasks.add(new PlacementTask(task));
    }
  }

  /// By partition of images, the offsets of what nobody has read yet.
  List<List<Long>> offsets() {
    return images.stream()
        .map(changes -> changes.stream().map(change -> change.coordinate().offset()).toList())
        .toList();
  }

  /// How many records a transaction reads.
  ///
  /// @param waiting how many there are
  int transactionSize(int waiting) {
    return 1 + random.nextInt(Math.min(waiting, limits.transaction()));
  }

  /// Whether a transaction is aborted.
  boolean isAborted() {
    return aborts < limits.aborts() && random.nextInt(limits.abortOneIn()) == 0;
  }

  /// Steps in any order until nothing is left to do.
  void run() {
    run(_ -> {});
  }

  /// The same with others.
  void run(Others others) {
    List<Runnable> steps = new ArrayList<>();
    do {
      steps.clear();
      for (int task = 0; task < tasks.size(); task++) {
        PlacementTask placement = tasks.get(task);
        Queue<SimulatedSetup.Change> changes = images.get(task);
        if (!changes.isEmpty()) {
          steps.add(() -> placement.read(changes.remove()));
        }
        for (Queue<Arrival> way : placement.ways.values()) {
          if (!way.isEmpty()) {
            steps.add(() -> deliver(way.remove()));
          }
        }
      }
      for (SimulatedPartition partition : partitions) {
        if (partition.hasInput()) {
          steps.add(partition::runTransaction);
        }
        for (Deque<SimulatedPartition.Probe> way : partition.ways) {
          if (!way.isEmpty()) {
            steps.add(() -> deliver(way.remove()));
          }
        }
      }
      others.addSteps(steps);
      if (!steps.isEmpty()) {
        steps.get(random.nextInt(steps.size())).run();
      }
    } while (!steps.isEmpty());
  }

  private void deliver(Arrival arrival) {
    partitions.get(arrival.partition()).arrivals.add(arrival);
  }

  /// Takes a probe of a transaction that was committed.
  void send(SimulatedPartition.Probe probe, Deque<SimulatedPartition.Probe> way) {
    if (limits.atOnce()) {
      deliver(probe);
    } else {
      way.add(probe);
    }
  }

  private void deliver(SimulatedPartition.Probe probe) {
    probes++;
    partitions.get(probe.to()).probes.add(probe);
  }

  /// Takes what a committed transaction has emitted.
  void emit(List<Emit> events) {
    for (Emit event : events) {
      PlacedRevision later = event.later();
      PlacedRevision earlier = event.earlier();
      if (!Era.reports(era(later), era(earlier))) {
        continue;
      }
      emitted.add(pair(event));
      MatchLevel level = level(later, earlier);
      if (event.level() != level
          || level == null
          || decisions.isForbidden(later, earlier, level)
          || !later.equals(everPlaced.get(later.id() + later.revision()))
          || !earlier.equals(everPlaced.get(earlier.id() + earlier.revision()))) {
        wrong.add(event.toString());
      }
    }
  }

  private Era era(PlacedRevision image) {
    return eras.getOrDefault(image.revision(), Era.FIRST);
  }

  static Pair pair(Emit event) {
    PlacedRevision later = event.later();
    PlacedRevision earlier = event.earlier();
    return new Pair(event.level(), later.id(), later.revision(), earlier.id(), earlier.revision());
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
        if (aIsLater && level != null && !a.muted() && !decisions.isSilent(a, b, level)) {
          pairs.add(new Pair(level, a.id(), a.revision(), b.id(), b.revision()));
        }
      }
    }
    return pairs;
  }

  private @Nullable MatchLevel level(PlacedRevision a, PlacedRevision b) {
    int distance = a.code().distance(b.code());
    Integer near = policy.nearRadius();
    if (policy.reach() == Reach.EVERYWHERE || distance <= policy.radius()) {
      if (a.sha256().equals(b.sha256())) {
        return MatchLevel.EXACT;
      }
      if (a.fingerprint().distance(b.fingerprint()) <= policy.fingerprintRadius()) {
        return MatchLevel.DUPLICATE;
      }
    }
    return near != null && distance <= near ? MatchLevel.NEAR : null;
  }

  /// Remembers each image's last placement and sends it to its home, and its end to the home that
  /// it leaves.
  private final class PlacementTask {
    private final int number;
    private final Map<String, PlacedRevision> last = new HashMap<>();
    final Map<Integer, Queue<Arrival>> ways = new TreeMap<>();
    private int position;

    PlacementTask(int number) {
      this.number = number;
    }

    void read(SimulatedSetup.Change change) {
      eras.put(change.coordinate(), reporting.era(number, position, change.coordinate()));
      place(change);
      position++;
    }

    private void place(SimulatedSetup.Change change) {
      SimulatedSetup.Content content = change.content();
      PlacedRevision before = last.get(change.id());
      if (content == null) {
        last.remove(change.id());
        finals.remove(change.id());
        if (before != null) {
          send(before.homePartition(), change.id(), null);
        }
        return;
      }
      if (before != null
          && before.sha256().equals(content.sha256())
          && before.origin().tenant().equals(change.origin().tenant())) {
        // The same bytes again: dropped, or, where the metadata is new, sent on as the same
        // revision.
        if (random.nextBoolean()) {
          send(before.homePartition(), change.id(), before);
        }
        return;
      }
      PlacedRevision placed =
          new PlacedRevision(
              change.id(),
              change.coordinate(),
              content.code(),
              content.fingerprint(),
              content.sha256(),
              routing.home(content.code(), change.id()).partition(),
              change.time(),
              change.muted(),
              change.origin());
      last.put(change.id(), placed);
      finals.put(change.id(), placed);
      everPlaced.put(change.id() + change.coordinate(), placed);
      if (before != null && before.homePartition() != placed.homePartition()) {
        send(before.homePartition(), change.id(), null);
      }
      send(placed.homePartition(), change.id(), placed);
    }

    private void send(int partition, String id, @Nullable PlacedRevision placement) {
      Arrival arrival = new Arrival(partition, id, placement);
      if (limits.atOnce()) {
        deliver(arrival);
      } else {
        ways.computeIfAbsent(partition, _ -> new ArrayDeque<>()).add(arrival);
      }
    }
  }
}

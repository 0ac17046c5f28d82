package dev.mekiki.benchmarks.match;

import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.hashing.bucket.Arrival;
import dev.mekiki.hashing.bucket.CandidateCriteria;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.bucket.MatchCandidate;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.match.MatchDecision;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.MatchRule;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.routing.Home;
import dev.mekiki.hashing.routing.Routing;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/// All partitions of an index in one process, under the rule of {@link MatchRule}: an image is
/// stored at its home and compared there; then its probes are processed one by one.
final class Partitions {
  private final Routing routing;
  private final MatchPolicy policy;
  private final MatchRule rule;
  private final CandidateCriteria criteria;
  private final KnownImages images;
  private final PartitionIndex[] indexes;

  /// By image: its home, and the sequence of its probes there.
  private final int[] homes;

  private final long[] sequences;

  /// By partition: the sequence of the last probes that it has sent, and by sender that of the last
  /// that it has processed.
  private final long[] probesSent;

  private final long[][] lastProbe;

  // Of what is measured.
  private final long[] nanos;
  private long probes;

  Partitions(CenterTable centers, int count, MatchPolicy policy, KnownImages images) {
    this.routing = Routing.byProximity(centers, count);
    this.policy = policy;
    this.rule = new MatchRule(policy);
    this.criteria = policy.criteria(centers.bits());
    this.images = images;
    this.indexes =
        IntStream.range(0, count)
            .mapToObj(_ -> new PartitionIndex(centers))
            .toArray(PartitionIndex[]::new);
    this.homes = new int[images.size()];
    this.sequences = new long[images.size()];
    this.probesSent = new long[count];
    this.lastProbe = new long[count][count];
    this.nanos = new long[count];
  }

  /// Stores an image as if it had arrived and all its probes had been processed.
  void store(int number) {
    IndexedImage image = image(number);
    Home home = routing.home(image.code(), image.id());
    indexes[home.partition()].put(image);
    register(number, home.partition());
    for (long[] processed : lastProbe) {
      processed[home.partition()] = sequences[number];
    }
  }

  private void register(int number, int home) {
    homes[number] = home;
    sequences[number] = ++probesSent[home];
  }

  private IndexedImage image(int number) {
    return new IndexedImage(
        ImageIds.of(number), images.code(number), images.fingerprint(number), Map.of());
  }

  /// Forgets what was counted and timed so far.
  void startMeasuring() {
    Arrays.fill(nanos, 0);
    probes = 0;
  }

  /// Lets an image arrive at its home and processes its probes.
  void arrive(int number, ReportedPairs reported) {
    long start = System.nanoTime();
    IndexedImage image = image(number);
    int home = routing.home(image.code(), image.id()).partition();
    Arrival arrival = indexes[home].arrival(image);
    indexes[home].put(arrival);
    register(number, home);
    long[] seen = lastProbe[home];
    for (MatchCandidate candidate : indexes[home].candidates(arrival, criteria)) {
      int row = ImageIds.number(candidate.id());
      PlacedRevision there = images.revision(row, home);
      report(number, row, rule.onArrival(images.revision(number, home), there), reported);
    }
    start = charge(home, start);
    for (int other : probed(image, home)) {
      for (MatchCandidate candidate : indexes[other].candidates(arrival, criteria)) {
        int row = ImageIds.number(candidate.id());
        PlacedRevision there = images.revision(row, other);
        PlacedRevision probe = images.revision(number, home);
        MatchDecision decision = rule.onProbe(probe, seen[other], there, sequences[row]);
        report(number, row, decision, reported);
      }
      lastProbe[other][home] = sequences[number];
      probes++;
      start = charge(other, start);
    }
  }

  private long charge(int partition, long start) {
    long now = System.nanoTime();
    nanos[partition] += now - start;
    return now;
  }

  private static void report(int number, int row, MatchDecision decision, ReportedPairs reported) {
    if (decision instanceof Emit) {
      reported.add(number, row);
    }
  }

  private Iterable<Integer> probed(IndexedImage image, int home) {
    return routing.probed(image.code(), home, policy.reach(), policy.codeRadius());
  }

  /// Number of candidates of an image in all partitions that it would be compared in.
  int ask(int number) {
    IndexedImage image = image(number);
    int home = routing.home(image.code(), image.id()).partition();
    Arrival arrival = indexes[home].arrival(image);
    int candidates = indexes[home].candidates(arrival, criteria).size();
    for (int other : probed(image, home)) {
      candidates += indexes[other].candidates(arrival, criteria).size();
    }
    return candidates;
  }

  /// Probes of the arrivals that were measured.
  long probes() {
    return probes;
  }

  /// The share of the measured time that the busiest partition took.
  double busiestShare() {
    return (double) Arrays.stream(nanos).max().orElse(0) / Arrays.stream(nanos).sum();
  }

  /// Bytes of all structures, those of ids left out.
  long bytes() {
    return Arrays.stream(indexes).mapToLong(index -> index.bytes() - index.idBytes()).sum();
  }
}

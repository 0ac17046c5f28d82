package dev.mekiki.benchmarks.simulate;

import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.data.ReachConverter;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.hashing.match.MatchDecision;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.MatchRule;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.routing.Home;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.runtime.match.Revisions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Lets made-up images arrive at the partitions of a routing and counts what each partition has to
/// do. An arrival is stored at its home and probes other partitions; probes wait in a queue before
/// each partition, as on a topic, and partitions process theirs whenever chance picks them. So
/// arrivals and probes of two partitions pass each other in every order.
///
/// Only pairs that were made near are compared, by the real rule: the others are more than a
/// hundred bits apart, and what they cost is counted in rows.
public final class ScaleSimulation {
  private static final int NONE = -1;

  private final MadeUpImages images;
  private final Routing routing;
  private final MatchPolicy policy;
  private final MatchRule rule;
  private final SplittableRandom random;

  // Of each image, from when it was stored.
  private final int[] partner;
  private final int[] home;
  private final int[] sequence;

  // Of each partition.
  private final int[] rows;
  private final int[] probesSent;
  private final int[][] lastProbe;
  private final long[] lookUps;
  private final long[] compared;
  private final ProbeQueue[] arriving;

  private final Map<Integer, Integer> events = new HashMap<>();
  private long probes;

  /// @param images that arrive, those of the first run
  /// @param routing over as many partitions as are simulated
  public ScaleSimulation(MadeUpImages images, Routing routing, MatchPolicy policy, long seed) {
    this.images = images;
    this.routing = routing;
    this.policy = policy;
    this.rule = new MatchRule(policy);
    this.random = new SplittableRandom(seed);
    int count = images.first();
    partner = new int[count];
    Arrays.fill(partner, NONE);
    for (int number = 0; number < count; number++) {
      if (images.isCopy(number)) {
        partner[number] = images.original(number);
        partner[images.original(number)] = number;
      }
    }
    home = new int[count];
    Arrays.fill(home, NONE);
    sequence = new int[count];
    int partitions = routing.partitions();
    rows = new int[partitions];
    probesSent = new int[partitions];
    lastProbe = new int[partitions][partitions];
    lookUps = new long[partitions];
    compared = new long[partitions];
    arriving = new ProbeQueue[partitions];
    Arrays.setAll(arriving, _ -> new ProbeQueue());
  }

  /// Lets all images arrive, in random order, and all probes be answered.
  ///
  /// @param options for the report
  public SimulationReport run(DataOptions options) {
    int count = images.first();
    int[] order = order(count);
    try (Progress progress = new Progress("%d partitions".formatted(rows.length), count)) {
      for (int number : order) {
        arrive(number);
        // One partition of P catches up with what P arrivals have sent to it, as far as it gets.
        int partition = random.nextInt(arriving.length);
        answer(partition, random.nextInt(2 * arriving[partition].size() + 1));
        progress.step();
      }
      for (int partition = 0; partition < arriving.length; partition++) {
        answer(partition, arriving[partition].size());
      }
    }
    return report(options, count);
  }

  private void arrive(int number) {
    Home at = routing.home(images.code(number), Integer.toString(number));
    int here = at.partition();
    home[number] = here;
    sequence[number] = ++probesSent[here];
    lookUp(here);
    int other = partner[number];
    if (other != NONE && home[other] == here) {
      count(number, rule.onArrival(placed(number), placed(other)));
    }
    rows[here]++;
    for (int there :
        routing.probed(images.code(number), here, policy.reach(), policy.codeRadius())) {
      arriving[there].add(number, lastProbe[here][there]);
      probes++;
    }
  }

  private void answer(int here, int most) {
    ProbeQueue queue = arriving[here];
    for (int left = Math.min(most, queue.size()); left > 0; left--) {
      long probe = queue.take();
      int number = ProbeQueue.image(probe);
      lastProbe[here][home[number]] = sequence[number];
      lookUp(here);
      int other = partner[number];
      if (other != NONE && home[other] == here) {
        count(
            number,
            rule.onProbe(placed(number), ProbeQueue.seen(probe), placed(other), sequence[other]));
      }
    }
  }

  private void lookUp(int partition) {
    lookUps[partition]++;
    compared[partition] += rows[partition];
  }

  private void count(int number, MatchDecision decision) {
    if (decision instanceof MatchDecision.Emit) {
      int copy = images.isCopy(number) ? number : partner[number];
      events.merge(copy, 1, Integer::sum);
    }
  }

  private PlacedRevision placed(int number) {
    return new PlacedRevision(
        ImageIds.of(number),
        Revisions.of(MadeUpImages.source(number)),
        images.code(number),
        images.fingerprint(number),
        Sha256.of(MadeUpImages.sha256(number).toByteArray()),
        home[number],
        number,
        false);
  }

  /// Random, but for every other copy: it arrives about when its original does, while probes of
  /// both are under way, as a burst of copies would.
  private int[] order(int count) {
    double[] times = random.doubles(count, 0, count).toArray();
    for (int number = 0; number < count; number++) {
      if (images.isCopy(number) && random.nextBoolean()) {
        times[number] = times[partner[number]] + random.nextDouble(-rows.length, rows.length);
      }
    }
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble(number -> times[number]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private SimulationReport report(DataOptions options, int count) {
    int copies = images.copies(0, count);
    long[] homed = Arrays.stream(rows).asLongStream().toArray();
    return new SimulationReport(
        rows.length,
        (int) routing.partitionsOfCenters().stream().flatMap(List::stream).distinct().count(),
        ReachConverter.name(policy.reach()),
        options.distribution(),
        routing.centers().size(),
        count,
        Figures.rounded((double) probes / count),
        mean(homed),
        maxOverMean(homed),
        mean(lookUps),
        maxOverMean(lookUps),
        mean(compared),
        maxOverMean(compared),
        copies,
        events.size() == copies,
        events.values().stream().mapToLong(times -> times - 1).sum());
  }

  private static double mean(long[] values) {
    return Figures.rounded(Arrays.stream(values).average().orElseThrow());
  }

  private static double maxOverMean(long[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Figures.rounded(Arrays.stream(values).max().orElseThrow() / mean);
  }
}

package dev.mekiki.benchmarks.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What 1 million to 1 billion images take at 10 to 10,000 arrivals a second, under either reach,
/// computed from {@link PlanConstants}.
///
/// An arrival costs its home a record and a look-up, and each partition that it probes a record and
/// a look-up more. A partition is the work of one thread, so that this thread must keep up with all
/// that comes to the fullest partition: that decides how many partitions there must be.
public final class CapacityPlan {
  private static final double[] IMAGES = {1e6, 1e7, 1e8, 1e9};
  private static final double[] ARRIVALS = {10, 1_000, 10_000};
  private static final int FEWEST = 8;
  private static final int MOST = 1024;
  private static final double MICROS = 1e6;
  private static final MathContext TWO_DIGITS = new MathContext(2);

  private final PlanConstants constants;

  /// The plan from the constants of this build.
  public CapacityPlan() {
    this(PlanConstants.read());
  }

  CapacityPlan(PlanConstants constants) {
    this.constants = constants;
  }

  /// All rows: for each reach, images, then arrivals, ascending.
  public List<PlanRow> rows() {
    List<PlanRow> rows = new ArrayList<>();
    for (boolean everywhere : new boolean[] {true, false}) {
      for (double images : IMAGES) {
        for (double arrivals : ARRIVALS) {
          rows.add(row(everywhere, images, arrivals));
        }
      }
    }
    return rows;
  }

  /// The row of one number of images and arrivals a second.
  PlanRow row(boolean everywhere, double images, double arrivals) {
    int enough =
        partitions()
            .filter(p -> rows(images, p) <= constants.largestPartition())
            .filter(p -> !(busiest(everywhere, images, arrivals, p) > constants.busy()))
            .findFirst()
            .orElse(0);
    int taken = enough > 0 ? enough : best(everywhere, images, arrivals);
    double probes = probes(everywhere, taken);
    double lookUp = constants.lookUpMicros().at(images / taken);
    double cores =
        arrivals
            * (constants.arrivalMicros() + lookUp + probes * (constants.probeMicros() + lookUp))
            / MICROS
            / constants.busy();
    double bytes = images * constants.heapBytes() * (1 + constants.standbys());
    double machines =
        Math.max(
            1 + constants.standbys(),
            Math.max(
                Math.ceil(cores / constants.machineCores()),
                Math.ceil(bytes / constants.machineBytes())));
    double probeBytes =
        arrivals
            * probes
            * constants.probeBytes()
            * constants.retentionSeconds()
            * constants.brokerCopies();
    return new PlanRow(
        everywhere ? "everywhere" : "codes",
        images,
        arrivals,
        enough,
        busiest(everywhere, images, arrivals, taken),
        probes,
        rows(images, taken),
        cores,
        bytes,
        machines,
        arrivals / constants.encodedPerCore(),
        Math.ceil(arrivals / constants.encodedPerGpu()),
        images * constants.brokerBytes() * constants.brokerCopies() + probeBytes,
        probeBytes,
        images / machines / constants.restorePerSecond());
  }

  /// Cores that the thread of the fullest partition needs.
  private double busiest(boolean everywhere, double images, double arrivals, int partitions) {
    double lookUp = constants.lookUpMicros().at(rows(images, partitions));
    double homed = arrivals / partitions * constants.skew().at(partitions);
    double probed = arrivals * probes(everywhere, partitions) / partitions;
    return (homed * (constants.arrivalMicros() + lookUp)
            + probed * (constants.probeMicros() + lookUp))
        / MICROS;
  }

  /// The number of partitions at which the busiest thread has the least to do.
  private int best(boolean everywhere, double images, double arrivals) {
    return partitions()
        .boxed()
        .min((a, b) ->
            Double.compare(
                busiest(everywhere, images, arrivals, a), busiest(everywhere, images, arrivals, b)))
        .orElseThrow();
  }

  private double rows(double images, int partitions) {
    return images / partitions * constants.skew().at(partitions);
  }

  private double probes(boolean everywhere, int partitions) {
    return everywhere ? partitions - 1 : constants.codesProbed().at(partitions);
  }

  private static IntStream partitions() {
    return IntStream.iterate(FEWEST, p -> p <= MOST, p -> 2 * p);
  }

  /// The rows of one reach as a table of docs/scaling.md.
  public String markdown(String reach) {
    StringBuilder table =
        new StringBuilder(
            """
            | images | arrivals a second | partitions | busiest thread, cores | rows of the fullest | index cores | memory, GB | index machines | encoder cores, or GPUs | brokers, TB; of these probes | takeover without a standby, s |
            |---|---|---|---|---|---|---|---|---|---|---|
            """);
    for (PlanRow row : rows()) {
      if (row.reach().equals(reach)) {
        table.append(
            "| %s | %,.0f | %s | %s | %s | %s | %s | %s | %s, or %s | %s; %s | %s |%n"
                .formatted(
                    figure(row.images()),
                    row.arrivalsPerSecond(),
                    partitions(row),
                    figure(row.busiestCore()),
                    figure(row.rows()),
                    figure(row.indexCores()),
                    figure(row.indexBytes() / 1e9),
                    figure(row.indexMachines()),
                    figure(Math.ceil(row.encoderCores())),
                    figure(row.gpus()),
                    figure(row.brokerBytes() / 1e12),
                    figure(row.probeBytes() / 1e12),
                    figure(row.takeoverSeconds())));
      }
    }
    return table.toString();
  }

  private static String partitions(PlanRow row) {
    if (Double.isNaN(row.busiestCore())) {
      return figure(Double.NaN);
    }
    return row.partitions() > 0 ? Integer.toString(row.partitions()) : "**none is enough**";
  }

  /// Two digits, three beyond 100; a dash where a constant is missing.
  private static String figure(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    if (value >= 1e9) {
      return short3(value / 1e9) + " G";
    }
    if (value >= 1e6) {
      return short3(value / 1e6) + " M";
    }
    return short3(value);
  }

  private static String short3(double value) {
    if (value >= 100) {
      return "%,.0f".formatted(value);
    }
    if (value >= 10 || value == Math.rint(value)) {
      return "%.0f".formatted(value);
    }
    return value >= 1
        ? "%.1f".formatted(value)
        : new BigDecimal(value).round(TWO_DIGITS).toPlainString();
  }
}

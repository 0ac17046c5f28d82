package dev.mekiki.benchmarks.match;

import dev.mekiki.training.report.writer.Axis;
import dev.mekiki.training.report.writer.Plot;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// The cost of an arrival over the number of images indexed, both axes logarithmic, beside a flat
/// scan and the square root that it must not outgrow; as SVG.
final class GrowthPlot {
  /// Room to the left and right of the lines: a factor.
  private static final double MARGIN = 1.25;

  private GrowthPlot() {}

  /// @param reports at least one, in any order
  static String of(List<MatchReport> reports) {
    List<MatchReport> sorted =
        reports.stream().sorted(Comparator.comparingInt(MatchReport::indexed)).toList();
    MatchReport first = sorted.getFirst();
    double[] sizes = column(sorted, MatchReport::indexed);
    double[] arrival = column(sorted, MatchReport::arrivalMicros);
    double[] flat = column(sorted, MatchReport::flatUsP50);
    double[] root =
        column(
            sorted,
            report ->
                first.arrivalMicros() * Math.sqrt((double) report.indexed() / first.indexed()));
    double least = Stream.of(arrival, flat).flatMapToDouble(DoubleStream::of).min().orElse(1);
    double most = Stream.of(arrival, flat, root).flatMapToDouble(DoubleStream::of).max().orElse(1);
    return new Plot(
            "What one arrival costs, microseconds",
            Axis.logarithmic("images indexed", sizes[0] / MARGIN, sizes[sizes.length - 1] * MARGIN),
            Axis.logarithmic("", powerOfTenBelow(least), 10 * powerOfTenBelow(most)))
        .line("arrival", sizes, arrival)
        .line("one flat scan", sizes, flat)
        .line("square root", sizes, root)
        .svg();
  }

  private static double[] column(List<MatchReport> reports, ToDoubleFunction<MatchReport> value) {
    return reports.stream().mapToDouble(value).toArray();
  }

  private static double powerOfTenBelow(double value) {
    return Math.pow(10, Math.floor(Math.log10(value)));
  }
}

package dev.mekiki.launcher.review;

import dev.mekiki.training.report.writer.Axis;
import dev.mekiki.training.report.writer.Plot;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Precision and share of the confirmed pairs over the fingerprint radius, as SVG. Stateless.
public final class ReviewPlot {
  private static final int LEAST_AXIS = 32;

  private ReviewPlot() {}

  /// The plot as a file of its own.
  ///
  /// @param report of any verdicts; without lines where no pair has a fingerprint distance
  public static String of(ReviewReport report) {
    List<AtRadius> radii = report.byRadius();
    double[] xs = column(radii, AtRadius::radius);
    double most = Math.max(LEAST_AXIS, xs.length == 0 ? 0 : xs[xs.length - 1]);
    return new Plot(
            "Judged pairs by fingerprint radius, %", Axis.upTo("fingerprint radius", most), 100)
        .spread(
            "precision, 95 % interval",
            xs,
            column(radii, at -> percent(at.within().precision())),
            column(radii, at -> percent(at.within().least())),
            column(radii, at -> percent(at.within().most())))
        .line("confirmed pairs within", xs, column(radii, at -> 100 * at.share()))
        .svg();
  }

  /// A radius is the distance of at least one pair, so it has a precision.
  private static double percent(@Nullable Double share) {
    return 100 * Objects.requireNonNull(share);
  }

  private static double[] column(List<AtRadius> radii, ToDoubleFunction<AtRadius> value) {
    return radii.stream().mapToDouble(value).toArray();
  }
}

package dev.mekiki.benchmarks.match;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The cost of an arrival over the number of images indexed, both axes logarithmic, beside a flat
/// scan and the square root that it must not outgrow; as SVG.
final class GrowthPlot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 440;
  private static final int LEFT = 80;
  private static final int RIGHT = 170;
  private static final int TOP = 60;
  private static final int BOTTOM = 60;

  private final List<MatchReport> reports;
  private final double fromX;
  private final double toX;
  private final double fromY;
  private final double toY;
  private final StringBuilder svg = new StringBuilder();

  private GrowthPlot(List<MatchReport> reports) {
    this.reports = reports;
    fromX = Math.log10(reports.getFirst().indexed()) - 0.1;
    toX = Math.log10(reports.getLast().indexed()) + 0.1;
    fromY =
        Math.floor(
            Math.log10(
                Math.min(smallest(MatchReport::arrivalMicros), smallest(MatchReport::flatUsP50))));
    toY =
        Math.ceil(
            Math.log10(
                reports.stream()
                    .mapToDouble(report -> Math.max(report.flatUsP50(), report.arrivalMicros()))
                    .max()
                    .orElse(1)));
  }

  static String of(List<MatchReport> reports) {
    List<MatchReport> sorted =
        reports.stream().sorted(Comparator.comparingInt(MatchReport::indexed)).toList();
    return new GrowthPlot(sorted).draw();
  }

  private String draw() {
    append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif">
          <title id="title">Cost of an arrival over the number of images indexed</title>
          <style>
            .card { fill: #ffffff; }
            .name { font-size: 15px; font-weight: 600; fill: #0f172a; }
            .label { font-size: 12px; fill: #475569; }
            .grid { stroke: #e2e8f0; }
            .arrival { fill: none; stroke: #0284c7; stroke-width: 2.5; }
            .dot { fill: #0284c7; }
            .root { fill: none; stroke: #94a3b8; stroke-width: 1.5; stroke-dasharray: 5 4; }
            .flat { fill: none; stroke: #d97706; stroke-width: 2; }
          </style>
          <rect class="card" width="%d" height="%d" rx="14"/>
          <text class="name" x="%d" y="32">What one arrival costs, microseconds</text>
        """,
        WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT);
    for (int power = (int) fromY; power <= toY; power++) {
      double y = y(Math.pow(10, power));
      append(
          "  <line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
          LEFT, WIDTH - RIGHT, y, y);
      append(
          "  <text class=\"label\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
          LEFT - 8, y + 4, number(Math.pow(10, power)));
    }
    for (MatchReport report : reports) {
      append(
          "  <text class=\"label\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
          x(report.indexed()), HEIGHT - BOTTOM + 20, millions(report.indexed()));
      append(
          "  <circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>%n",
          x(report.indexed()), y(report.arrivalMicros()));
    }
    append(
        "  <text class=\"label\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">images indexed</text>%n",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 42);
    MatchReport first = reports.getFirst();
    line("flat", "one flat scan", 4, MatchReport::flatUsP50);
    line(
        "root",
        "square root",
        18,
        report -> first.arrivalMicros() * Math.sqrt((double) report.indexed() / first.indexed()));
    line("arrival", "arrival", -10, MatchReport::arrivalMicros);
    svg.append("</svg>\n");
    return svg.toString();
  }

  // Labels are shifted against each other: the lines may end at one point.
  private void line(String style, String label, int shift, ToDoubleFunction<MatchReport> value) {
    svg.append("  <polyline class=\"").append(style).append("\" points=\"");
    for (MatchReport report : reports) {
      append("%.1f,%.1f ", x(report.indexed()), y(value.applyAsDouble(report)));
    }
    svg.append("\"/>\n");
    MatchReport last = reports.getLast();
    append(
        "  <text class=\"label\" x=\"%.1f\" y=\"%.1f\">%s, %s</text>%n",
        x(last.indexed()) + 12,
        y(value.applyAsDouble(last)) + shift,
        label,
        number(value.applyAsDouble(last)));
  }

  private double smallest(ToDoubleFunction<MatchReport> value) {
    return reports.stream().mapToDouble(value).min().orElse(1);
  }

  private double x(double indexed) {
    return LEFT + (Math.log10(indexed) - fromX) / (toX - fromX) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double micros) {
    double share = (Math.log10(micros) - fromY) / Math.max(1, toY - fromY);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2g" : "%,.0f", value);
  }

  private static String millions(int count) {
    return count % 1_000_000 == 0
        ? "%d M".formatted(count / 1_000_000)
        : String.format(Locale.ROOT, "%,d", count);
  }

  // Not in the default locale: SVG needs decimal points.
  @SuppressWarnings("AnnotateFormatMethod")
  private void append(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments));
  }
}

package dev.mekiki.training.report.writer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Shares by name: a row for each name, with a mark where the share should be and a dot for each
/// series; as SVG that needs no style from around it.
///
/// Mutable until it is drawn; not thread-safe.
public final class DotChart {
  private static final int ROW = 15;
  private static final int LEFT = 190;
  private static final int RIGHT = 620;
  private static final int WIDTH = 760;
  private static final int TOP = 40;
  private static final int BOTTOM = 30;
  private static final List<String> COLOURS =
      List.of("#0284c7", "#d97706", "#15803d", "#be185d", "#6d28d9", "#475569");

  private final String title;
  private final String mark;
  private final List<String> series;
  private final Axis axis = Axis.upTo("%", 100);
  private final List<Row> rows = new ArrayList<>();

  private record Row(String name, double mark, List<Double> shares) {}

  /// @param mark what the mark says
  /// @param series names of the dots
  public DotChart(String title, String mark, List<String> series) {
    this.title = title;
    this.mark = mark;
    this.series = List.copyOf(series);
  }

  /// Adds a row below the others.
  ///
  /// @param at where the mark is, 0 to 1
  /// @param shares of each series, 0 to 1
  public DotChart row(String name, double at, double... shares) {
    if (shares.length != series.size()) {
      throw new IllegalArgumentException(
          "%s: %d shares (expected: %d)".formatted(name, shares.length, series.size()));
    }
    List<Double> all = new ArrayList<>();
    for (double share : shares) {
      all.add(share);
    }
    rows.add(new Row(name, at, all));
    return this;
  }

  /// The chart as a file of its own.
  public String svg() {
    int bottom = TOP + rows.size() * ROW;
    Markup file = new Markup();
    file.openSvg(WIDTH, bottom + BOTTOM, title)
        .leaf("rect", "width", WIDTH, "height", bottom + BOTTOM, "rx", 10, "fill", "#ffffff")
        .element(
            "text",
            title,
            "font-size",
            14,
            "font-weight",
            600,
            "fill",
            "#0f172a",
            "x",
            12,
            "y",
            20);
    for (double tick : axis.ticks()) {
      double x = x(tick / 100);
      file.leaf("line", "stroke", "#e2e8f0", "x1", x, "x2", x, "y1", TOP, "y2", bottom)
          .element(
              "text",
              String.format(Locale.ROOT, "%.0f %%", tick),
              "x",
              x,
              "y",
              bottom + 18,
              "text-anchor",
              "middle");
    }
    for (int i = 0; i < rows.size(); i++) {
      draw(file, rows.get(i), TOP + (i + 0.5) * ROW);
    }
    legend(file);
    return file.close() + "\n";
  }

  private static void draw(Markup file, Row row, double y) {
    file.element("text", row.name(), "x", LEFT - 10, "y", y + 4, "text-anchor", "end")
        .leaf("line", "stroke", "#e2e8f0", "x1", LEFT, "x2", RIGHT, "y1", y, "y2", y);
    // The first series lies on top.
    for (int i = row.shares().size() - 1; i >= 0; i--) {
      file.leaf("circle", "cx", x(row.shares().get(i)), "cy", y, "r", 4, "fill", colour(i));
    }
    double x = x(row.mark());
    file.leaf(
        "line",
        "stroke",
        "#0f172a",
        "stroke-width",
        2,
        "x1",
        x,
        "x2",
        x,
        "y1",
        y - ROW / 2.0 + 1,
        "y2",
        y + ROW / 2.0 - 1);
  }

  private void legend(Markup file) {
    int x = RIGHT + 20;
    file.leaf(
            "line",
            "stroke",
            "#0f172a",
            "stroke-width",
            2,
            "x1",
            x,
            "x2",
            x,
            "y1",
            TOP,
            "y2",
            TOP + 13)
        .element("text", mark, "x", x + 12, "y", TOP + 11);
    for (int i = 0; i < series.size(); i++) {
      double y = TOP + 11 + 18.0 * (i + 1);
      file.leaf("circle", "cx", x, "cy", y - 4, "r", 4, "fill", colour(i))
          .element("text", series.get(i), "x", x + 12, "y", y);
    }
  }

  private static String colour(int series) {
    return COLOURS.get(series % COLOURS.size());
  }

  private static double x(double share) {
    return LEFT + share * (RIGHT - LEFT);
  }
}

package dev.mekiki.training.evaluation;

import java.util.List;
import java.util.Locale;

/// One plot in a page, as inline SVG: lines or bars over a shared pair of axes that start at 0.
final class Plot {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 300;
  private static final int LEFT = 64;
  private static final int RIGHT = 150;
  private static final int TOP = 36;
  private static final int BOTTOM = 48;
  private static final int TICKS = 4;
  private static final List<String> COLOURS =
      List.of("#0284c7", "#d97706", "#15803d", "#be185d", "#6d28d9", "#475569", "#94a3b8");

  private final Markup page;
  private final double toX;
  private final double toY;
  private int series;

  /// @param toX largest value of the horizontal axis, above 0
  /// @param toY likewise of the vertical one
  Plot(Markup page, String title, String labelX, double toX, double toY) {
    this.page = page;
    this.toX = toX;
    this.toY = toY;
    page.open(
            "svg",
            "viewBox",
            "0 0 %d %d".formatted(WIDTH, HEIGHT),
            "role",
            "img",
            "aria-label",
            title)
        .element("text", title, "class", "name", "x", LEFT, "y", 20);
    for (int tick = 0; tick <= TICKS; tick++) {
      double valueX = toX * tick / TICKS;
      double valueY = toY * tick / TICKS;
      page.leaf(
              "line",
              "class",
              "grid",
              "x1",
              LEFT,
              "x2",
              WIDTH - RIGHT,
              "y1",
              y(valueY),
              "y2",
              y(valueY))
          .element(
              "text",
              number(valueY),
              "class",
              "label",
              "x",
              LEFT - 8,
              "y",
              y(valueY) + 4,
              "text-anchor",
              "end")
          .element(
              "text",
              number(valueX),
              "class",
              "label",
              "x",
              x(valueX),
              "y",
              HEIGHT - BOTTOM + 18,
              "text-anchor",
              "middle");
    }
    page.element(
        "text",
        labelX,
        "class",
        "label",
        "x",
        (LEFT + WIDTH - RIGHT) / 2,
        "y",
        HEIGHT - 10,
        "text-anchor",
        "middle");
  }

  /// A line through points.
  Plot line(String name, double[] xs, double[] ys) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(xs[i]), y(ys[i])));
    }
    page.leaf(
        "polyline",
        "points",
        points.toString().strip(),
        "fill",
        "none",
        "stroke",
        colour(),
        "stroke-width",
        2);
    legend(name);
    return this;
  }

  /// A bar at each whole number from 0 on.
  Plot bars(String name, List<Integer> heights) {
    double width = (WIDTH - LEFT - RIGHT) / (toX + 1);
    for (int i = 0; i < heights.size(); i++) {
      if (heights.get(i) > 0) {
        page.leaf(
            "rect",
            "x",
            x(i) - width / 2,
            "y",
            y(heights.get(i)),
            "width",
            width * 0.8,
            "height",
            y(0) - y(heights.get(i)),
            "fill",
            colour());
      }
    }
    legend(name);
    return this;
  }

  void close() {
    page.close();
  }

  private void legend(String name) {
    double at = TOP + 14 + 18 * series;
    page.leaf(
            "rect",
            "x",
            WIDTH - RIGHT + 14,
            "y",
            at - 9,
            "width",
            10,
            "height",
            10,
            "fill",
            colour())
        .element("text", name, "class", "label", "x", WIDTH - RIGHT + 30, "y", at);
    series++;
  }

  private String colour() {
    return COLOURS.get(series % COLOURS.size());
  }

  private double x(double value) {
    return LEFT + value / toX * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - value / toY * (HEIGHT - TOP - BOTTOM);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.4g", value).replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}

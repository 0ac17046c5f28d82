package dev.mekiki.training.report.writer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One plot: lines, bars and points over a shared pair of axes, each with a colour and a name of
/// its own; as SVG that needs no style from around it.
///
/// Mutable until it is drawn; not thread-safe.
public final class Plot {
  private static final int HEIGHT = 300;
  private static final int LEFT = 64;

  /// Where the axes end and names begin.
  private static final int RIGHT = 490;

  /// What a character of a name takes at most, in this font, nearly always.
  private static final int CHARACTER = 7;

  private static final int TOP = 36;
  private static final int BOTTOM = 48;
  private static final List<String> COLOURS =
      List.of("#0284c7", "#d97706", "#15803d", "#be185d", "#6d28d9", "#475569", "#94a3b8");

  private final String title;
  private final Axis horizontal;
  private final Axis vertical;
  private final List<Series> all = new ArrayList<>();

  /// @param toY largest value of the vertical axis, which begins at 0 and is named by the title
  public Plot(String title, Axis horizontal, double toY) {
    this(title, horizontal, Axis.upTo("", toY));
  }

  /// @param vertical named by the title
  public Plot(String title, Axis horizontal, Axis vertical) {
    this.title = title;
    this.horizontal = horizontal;
    this.vertical = vertical;
  }

  private sealed interface Series {
    String name();
  }

  @SuppressWarnings("ArrayRecordComponent") // drawn, never compared
  private record Line(String name, double[] xs, double[] ys) implements Series {}

  @SuppressWarnings("ArrayRecordComponent") // drawn, never compared
  private record Spread(String name, double[] xs, double[] ys, double[] least, double[] most)
      implements Series {}

  private record Bars(String name, List<Integer> heights) implements Series {}

  @SuppressWarnings("ArrayRecordComponent") // drawn, never compared
  private record Points(String name, double[] xs, double[] ys) implements Series {}

  /// A line through points.
  public Plot line(String name, double[] xs, double[] ys) {
    all.add(new Line(name, xs.clone(), ys.clone()));
    return this;
  }

  /// A line through points, each with the range that it is the middle of.
  public Plot spread(String name, double[] xs, double[] ys, double[] least, double[] most) {
    all.add(new Spread(name, xs.clone(), ys.clone(), least.clone(), most.clone()));
    return this;
  }

  /// A bar at each whole number from 0 on.
  public Plot bars(String name, List<Integer> heights) {
    all.add(new Bars(name, List.copyOf(heights)));
    return this;
  }

  /// Points, which may lie on each other.
  public Plot points(String name, double[] xs, double[] ys) {
    all.add(new Points(name, xs.clone(), ys.clone()));
    return this;
  }

  /// The plot as a file of its own.
  public String svg() {
    Markup file = new Markup();
    draw(file);
    return file + "\n";
  }

  void draw(Markup page) {
    page.openSvg(width(), HEIGHT, title)
        .leaf("rect", "width", width(), "height", HEIGHT, "rx", 10, "fill", "#ffffff")
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
            LEFT,
            "y",
            20);
    axes(page);
    for (int i = 0; i < all.size(); i++) {
      String colour = COLOURS.get(i % COLOURS.size());
      switch (all.get(i)) {
        case Line line -> line(page, line.xs(), line.ys(), colour);
        case Spread spread -> {
          line(page, spread.xs(), spread.ys(), colour);
          whiskers(page, spread, colour);
        }
        case Bars bars -> bars(page, bars, colour);
        case Points points -> points(page, points, colour);
      }
      legend(page, i, all.get(i).name(), colour);
    }
    page.close();
  }

  private void axes(Markup page) {
    for (double tick : vertical.ticks()) {
      page.leaf("line", "stroke", "#e2e8f0", "x1", LEFT, "x2", RIGHT, "y1", y(tick), "y2", y(tick))
          .element("text", number(tick), "x", LEFT - 8, "y", y(tick) + 4, "text-anchor", "end");
    }
    for (double tick : horizontal.ticks()) {
      page.element(
          "text", number(tick), "x", x(tick), "y", HEIGHT - BOTTOM + 18, "text-anchor", "middle");
    }
    page.element(
        "text",
        horizontal.label(),
        "x",
        (LEFT + RIGHT) / 2,
        "y",
        HEIGHT - 10,
        "text-anchor",
        "middle");
  }

  private void line(Markup page, double[] xs, double[] ys, String colour) {
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
        colour,
        "stroke-width",
        2);
    if (xs.length == 1) {
      page.leaf("circle", "cx", x(xs[0]), "cy", y(ys[0]), "r", 3, "fill", colour);
    }
  }

  private void whiskers(Markup page, Spread spread, String colour) {
    for (int i = 0; i < spread.xs().length; i++) {
      double x = x(spread.xs()[i]);
      page.leaf("circle", "cx", x, "cy", y(spread.ys()[i]), "r", 3, "fill", colour)
          .leaf(
              "line",
              "stroke",
              colour,
              "x1",
              x,
              "x2",
              x,
              "y1",
              y(spread.least()[i]),
              "y2",
              y(spread.most()[i]));
    }
  }

  private void bars(Markup page, Bars bars, String colour) {
    double width = (RIGHT - LEFT) / (horizontal.to() - horizontal.from() + 1);
    for (int i = 0; i < bars.heights().size(); i++) {
      int height = bars.heights().get(i);
      if (height > 0) {
        page.leaf(
            "rect",
            "x",
            x(i) - width / 2,
            "y",
            y(height),
            "width",
            width * 0.8,
            "height",
            y(0) - y(height),
            "fill",
            colour);
      }
    }
  }

  private void points(Markup page, Points points, String colour) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < points.xs().length; i++) {
      path.append(String.format(Locale.ROOT, "M%.1f %.1fh0", x(points.xs()[i]), y(points.ys()[i])));
    }
    page.dots(path.toString(), colour, "0.35");
  }

  private static void legend(Markup page, int series, String name, String colour) {
    double at = TOP + 14 + 18 * series;
    page.leaf("rect", "x", RIGHT + 14, "y", at - 9, "width", 10, "height", 10, "fill", colour)
        .element("text", name, "x", RIGHT + 30, "y", at);
  }

  /// As wide as the longest name needs.
  private int width() {
    int longest = all.stream().mapToInt(series -> series.name().length()).max().orElse(0);
    return RIGHT + Math.max(150, 40 + CHARACTER * longest);
  }

  private double x(double value) {
    return LEFT + horizontal.share(value) * (RIGHT - LEFT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - vertical.share(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.4g", value).replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}

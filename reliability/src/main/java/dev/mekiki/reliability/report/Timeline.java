package dev.mekiki.reliability.report;

import dev.mekiki.reliability.fault.Happened;
import dev.mekiki.reliability.load.Entry;
import dev.mekiki.reliability.load.Operation.Kind;
import dev.mekiki.reliability.load.Outcome;
import dev.mekiki.reliability.topics.Progress.Lag;
import dev.mekiki.training.report.writer.Markup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/// A run over time, as SVG: faults, writes, answers of searches with their latency, and lag.
/// Mutable until it is drawn; not thread-safe.
public final class Timeline {
  private static final int LEFT = 130;
  private static final int WIDTH = 1_000;
  private static final int FAULT_HEIGHT = 14;
  private static final int PANEL = 110;
  private static final int GAP = 34;
  private static final String GREEN = "#15803d";
  private static final String AMBER = "#d97706";
  private static final String RED = "#be185d";
  private static final String BLUE = "#0284c7";

  private final String title;
  private final Instant from;
  private final double seconds;
  private final Markup page = new Markup();
  private int top = 40;

  private Timeline(String title, Instant from, Instant to) {
    this.title = title;
    this.from = from;
    this.seconds = Math.max(1, Duration.between(from, to).toMillis() / 1e3);
  }

  /// A run as the text of an SVG file.
  ///
  /// @param title what it was, such as its seed
  /// @param from,to what is drawn
  public static String svg(
      String title,
      Instant from,
      Instant to,
      List<Happened> faults,
      List<Entry> journal,
      List<Lag> lags) {
    Timeline timeline = new Timeline(title, from, to);
    int height = 40 + FAULT_HEIGHT * faults.size() + 4 * (PANEL + GAP) + 60;
    timeline.open(height);
    timeline.faults(faults);
    timeline.writes(journal);
    timeline.searches(journal);
    timeline.latencies(journal);
    timeline.lags(lags);
    timeline.ticks();
    timeline.page.close();
    return timeline.page + "\n";
  }

  private void open(int height) {
    page.openSvg(LEFT + WIDTH + 30, height, title)
        .leaf("rect", "width", "100%", "height", "100%", "fill", "#ffffff")
        .element("text", title, "x", LEFT, "y", 22, "font-size", 14, "fill", "#0f172a");
  }

  private double x(Instant time) {
    double at = Duration.between(from, time).toMillis() / 1e3;
    return LEFT + WIDTH * Math.clamp(at / seconds, 0.0, 1.0);
  }

  private void faults(List<Happened> faults) {
    int bottom = top + FAULT_HEIGHT * faults.size() + 4 * (PANEL + GAP) - GAP / 2;
    for (Happened fault : faults) {
      double begin = x(fault.from());
      double end = Math.max(begin + 2, x(fault.to()));
      page.leaf(
              "rect",
              "x",
              begin,
              "y",
              top,
              "width",
              end - begin,
              "height",
              FAULT_HEIGHT - 3,
              "fill",
              RED,
              "fill-opacity",
              "0.75")
          // What is shaded shows below which fault an effect lies.
          .leaf(
              "rect",
              "x",
              begin,
              "y",
              top,
              "width",
              end - begin,
              "height",
              bottom - top,
              "fill",
              RED,
              "fill-opacity",
              "0.03");
      boolean isLate = begin > LEFT + WIDTH * 0.7;
      page.element(
          "text",
          fault.fault().text(),
          "x",
          isLate ? begin - 4 : end + 4,
          "y",
          top + FAULT_HEIGHT - 4,
          "text-anchor",
          isLate ? "end" : "start",
          "font-size",
          10);
      top += FAULT_HEIGHT;
    }
    top += GAP / 2;
  }

  private void writes(List<Entry> journal) {
    List<Entry> writes =
        journal.stream().filter(entry -> entry.operation().kind().isWrite()).toList();
    bars(
        "writes a second: done, unknown, refused",
        writes,
        entry ->
            switch (entry.outcome()) {
              case DONE -> 0;
              case UNKNOWN -> 1;
              case FAILED, LEFT_OUT -> 2;
            });
  }

  private void searches(List<Entry> journal) {
    List<Entry> searches =
        journal.stream().filter(entry -> !entry.operation().kind().isWrite()).toList();
    bars(
        "searches a second: complete, named partial, no answer",
        searches,
        entry -> {
          if (entry.answer() != null) {
            return entry.answer().getComplete() ? 0 : 1;
          }
          return entry.notFound() ? 0 : 2;
        });
  }

  /// One bar a second, at the time of the outcome, of three parts.
  private void bars(String name, List<Entry> entries, ToLongFunction<Entry> part) {
    List<String> colours = List.of(GREEN, AMBER, RED);
    int[][] counts = new int[(int) Math.ceil(seconds) + 1][colours.size()];
    for (Entry entry : entries) {
      int second = (int) (Duration.between(from, entry.to()).toMillis() / 1_000);
      if (second >= 0 && second < counts.length) {
        counts[second][(int) part.applyAsLong(entry)]++;
      }
    }
    int most = 1;
    for (int[] second : counts) {
      most = Math.max(most, second[0] + second[1] + second[2]);
    }
    panel(name, Integer.toString(most));
    double width = WIDTH / seconds;
    for (int second = 0; second < counts.length; second++) {
      double bottom = top + PANEL;
      for (int i = 0; i < colours.size(); i++) {
        double height = (double) PANEL * counts[second][i] / most;
        if (height > 0) {
          page.leaf(
              "rect",
              "x",
              LEFT + second * width,
              "y",
              bottom - height,
              "width",
              Math.max(0.5, width * 0.85),
              "height",
              height,
              "fill",
              colours.get(i));
          bottom -= height;
        }
      }
    }
    top += PANEL + GAP;
  }

  /// A point for each search that was answered, from 1 ms to 100 s.
  private void latencies(List<Entry> journal) {
    panel("latency of searches, logarithmic", "100 s");
    StringBuilder byId = new StringBuilder();
    StringBuilder byPicture = new StringBuilder();
    for (Entry entry : journal) {
      if (entry.operation().kind().isWrite() || entry.outcome() != Outcome.DONE) {
        continue;
      }
      double millis = Math.max(1, Duration.between(entry.from(), entry.to()).toMillis());
      double y = top + PANEL * (1 - Math.min(1, Math.log10(millis) / 5));
      (entry.operation().kind() == Kind.SEARCH_BY_ID ? byId : byPicture)
          .append(String.format(Locale.ROOT, "M%.1f %.1fh0", x(entry.to()), y));
    }
    points(byId, BLUE);
    points(byPicture, AMBER);
    page.element("text", "by id", "x", LEFT + WIDTH - 120, "y", top - 6, "fill", BLUE)
        .element("text", "by picture", "x", LEFT + WIDTH - 70, "y", top - 6, "fill", AMBER);
    top += PANEL + GAP;
  }

  private void points(StringBuilder path, String colour) {
    page.dots(path.toString(), colour, "0.5");
  }

  private void lags(List<Lag> lags) {
    long most = 1;
    for (Lag lag : lags) {
      most = Math.max(most, Math.max(lag.images(), lag.index()));
    }
    panel("records that wait", Long.toString(most));
    line(lags, Lag::images, most, BLUE);
    line(lags, Lag::index, most, AMBER);
    page.element("text", "for encoders", "x", LEFT + WIDTH - 180, "y", top - 6, "fill", BLUE)
        .element("text", "for the index", "x", LEFT + WIDTH - 90, "y", top - 6, "fill", AMBER);
    top += PANEL + GAP;
  }

  private void line(List<Lag> lags, ToLongFunction<Lag> value, long most, String colour) {
    List<String> points = new ArrayList<>();
    for (Lag lag : lags) {
      double y = top + PANEL * (1 - (double) value.applyAsLong(lag) / most);
      points.add(String.format(Locale.ROOT, "%.1f,%.1f", x(lag.time()), y));
    }
    page.leaf(
        "polyline",
        "points",
        String.join(" ", points),
        "fill",
        "none",
        "stroke",
        colour,
        "stroke-width",
        1.5);
  }

  private void panel(String name, String most) {
    page.element("text", name, "x", LEFT, "y", top - 6, "font-weight", 600)
        .element("text", most, "x", LEFT - 8, "y", top + 8, "text-anchor", "end")
        .element("text", "0", "x", LEFT - 8, "y", top + PANEL, "text-anchor", "end")
        .leaf(
            "rect", "x", LEFT, "y", top, "width", WIDTH, "height", PANEL, "fill", "none", "stroke",
            "#e2e8f0");
  }

  private void ticks() {
    int step = seconds > 600 ? 60 : seconds > 120 ? 20 : 10;
    for (int second = 0; second <= seconds; second += step) {
      page.element(
          "text",
          second + " s",
          "x",
          x(from.plusSeconds(second)),
          "y",
          top - 10,
          "text-anchor",
          "middle");
    }
  }
}

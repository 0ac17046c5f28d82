package dev.mekiki.benchmarks.quality;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.benchmarks.quality.RetrievalProtocol.Result;
import dev.mekiki.training.report.writer.Axis;
import dev.mekiki.training.report.writer.Plot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// What `mekiki bench quality` prints and writes.
///
/// @param splitSeed of the split into training pictures, queries and database
/// @param validation whether the training pictures alone were measured with
/// @param summary of the seeds, by method, bits and what was done to the labels
/// @param results of every seed
record QualityReport(long splitSeed, boolean validation, List<Row> summary, List<Result> results) {
  QualityReport {
    summary = List.copyOf(summary);
    results = List.copyOf(results);
  }

  /// A method at a number of bits, with one share of wrong labels and one of label smoothing.
  ///
  /// @param mapAtAll over seeds
  /// @param superclassMapAtAll over seeds
  /// @param nearestCenterAccuracy over seeds
  /// @param centerLoss mean over seeds
  /// @param seconds mean over seeds, centers and head
  record Row(
      String method,
      String similarity,
      float weight,
      int bits,
      float labelNoise,
      float labelSmoothing,
      OverSeeds mapAtAll,
      OverSeeds superclassMapAtAll,
      OverSeeds nearestCenterAccuracy,
      int minimumDistance,
      double centerLoss,
      double seconds) {
    static Row of(Collection<Result> results) {
      Result first = results.iterator().next();
      return new Row(
          first.method(),
          first.similarity(),
          first.weight(),
          first.bits(),
          first.labelNoise(),
          first.labelSmoothing(),
          OverSeeds.of(results, Result::mapAtAll),
          OverSeeds.of(results, Result::superclassMapAtAll),
          OverSeeds.of(results, Result::nearestCenterAccuracy),
          results.stream().mapToInt(Result::minimumDistance).min().orElse(0),
          results.stream().mapToDouble(Result::centerLoss).average().orElse(0),
          results.stream().mapToDouble(Result::seconds).average().orElse(0));
    }
  }

  /// One figure of several seeds.
  ///
  /// @param seeds how many were measured
  record OverSeeds(long seeds, double mean, double least, double most) {
    static OverSeeds of(Collection<Result> results, ToDoubleFunction<Result> figure) {
      DoubleSummaryStatistics all = results.stream().mapToDouble(figure).summaryStatistics();
      return new OverSeeds(all.getCount(), all.getAverage(), all.getMin(), all.getMax());
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.4f (%.4f to %.4f)", mean, least, most);
    }
  }

  static QualityReport of(long splitSeed, boolean validation, List<Result> results) {
    Map<String, List<Result>> groups = new LinkedHashMap<>();
    for (Result result : results) {
      groups
          .computeIfAbsent(
              name(
                      result.method(),
                      result.similarity(),
                      result.weight(),
                      result.labelNoise(),
                      result.labelSmoothing())
                  + ", "
                  + result.bits(),
              key -> new ArrayList<>())
          .add(result);
    }
    return new QualityReport(
        splitSeed, validation, groups.values().stream().map(Row::of).toList(), results);
  }

  /// A method, what it follows and what was done to its labels, for people.
  static String name(
      String method, String similarity, float weight, float labelNoise, float labelSmoothing) {
    StringBuilder name = new StringBuilder(method);
    if (!similarity.isEmpty() && !similarity.equals(Meaning.CLASSIFIER.name())) {
      name.append(", ").append(Meaning.label(similarity, weight));
    }
    if (labelNoise > 0) {
      name.append(String.format(Locale.ROOT, ", %.0f %% of the labels wrong", 100 * labelNoise));
    }
    if (labelSmoothing > 0) {
      name.append(", smoothing ").append(labelSmoothing);
    }
    return name.toString();
  }

  /// Writes `quality.json`, everything, and `quality.md`, the tables; where labels were made wrong
  /// to several degrees, `label-noise.svg`, and where a table of similarities was measured,
  /// `similarity.svg`.
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    JsonMapper.builder()
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .build()
        .writerWithDefaultPrettyPrinter()
        .writeValue(directory.resolve("quality.json").toFile(), this);
    Files.writeString(directory.resolve("quality.md"), markdown());
    if (summary.stream().mapToDouble(Row::labelNoise).distinct().count() > 1) {
      Files.writeString(directory.resolve("label-noise.svg"), noisePlot());
    }
    if (summary.stream().anyMatch(row -> row.weight() > 0)) {
      Files.writeString(directory.resolve("similarity.svg"), similarityPlot());
    }
  }

  /// Mean and spread over seeds of MAP\@ALL, of that by superclasses where it was measured, then of
  /// the share of queries whose nearest center is that of their class, for the methods with
  /// centers.
  String markdown() {
    StringBuilder tables = new StringBuilder("MAP@ALL\n\n").append(table(summary, Row::mapAtAll));
    if (summary.stream().anyMatch(row -> row.superclassMapAtAll().most() > 0)) {
      tables
          .append("\nMAP@ALL of superclasses\n\n")
          .append(table(summary, Row::superclassMapAtAll));
    }
    return tables
        .append("\nNearest center\n\n")
        .append(
            table(
                summary.stream().filter(row -> row.nearestCenterAccuracy().most() > 0).toList(),
                Row::nearestCenterAccuracy))
        .toString();
  }

  private String noisePlot() {
    double most = summary.stream().mapToDouble(Row::labelNoise).max().orElseThrow();
    Plot plot =
        new Plot("Quality over wrong labels", Axis.upTo("% of the labels wrong", 100 * most), 0.6);
    Map<String, List<Row>> lines = new LinkedHashMap<>();
    for (Row row : summary) {
      String smoothing = row.labelSmoothing() > 0 ? ", smoothing " + row.labelSmoothing() : "";
      lines
          .computeIfAbsent(
              "%s, %d%s".formatted(row.method(), row.bits(), smoothing), name -> new ArrayList<>())
          .add(row);
    }
    draw(plot, "MAP", lines, row -> 100 * row.labelNoise(), Row::mapAtAll);
    draw(plot, "center", lines, row -> 100 * row.labelNoise(), Row::nearestCenterAccuracy);
    return plot.svg();
  }

  /// Each method that follows the similarity of classes, by the weight of a table; the classifier's
  /// stands at 0.
  private String similarityPlot() {
    double most =
        summary.stream().mapToDouble(row -> row.superclassMapAtAll().most()).max().orElse(0);
    double fine = summary.stream().mapToDouble(row -> row.mapAtAll().most()).max().orElse(0);
    Plot plot =
        new Plot(
            "MAP@ALL over the weight of a table",
            Axis.upTo("% of the similarity from the table", 100),
            Math.ceil(10 * Math.max(most, fine)) / 10);
    Map<String, List<Row>> lines = new LinkedHashMap<>();
    for (Row row : summary) {
      if (row.weight() > 0) {
        List<Row> line =
            lines.computeIfAbsent(
                "%s, %s, %d".formatted(row.method(), row.similarity(), row.bits()),
                name -> new ArrayList<>(classifiers(row)));
        line.add(row);
      }
    }
    lines.values().forEach(line -> line.sort(Comparator.comparingDouble(Row::weight)));
    draw(plot, "classes", lines, row -> 100 * row.weight(), Row::mapAtAll);
    if (most > 0) {
      draw(plot, "superclasses", lines, row -> 100 * row.weight(), Row::superclassMapAtAll);
    }
    return plot.svg();
  }

  /// The row of the classifier's similarity that belongs to one of a table.
  private List<Row> classifiers(Row of) {
    return summary.stream()
        .filter(row ->
            row.similarity().equals(Meaning.CLASSIFIER.name())
                && row.method().equals(of.method())
                && row.bits() == of.bits()
                && row.labelNoise() == of.labelNoise()
                && row.labelSmoothing() == of.labelSmoothing())
        .toList();
  }

  private static void draw(
      Plot plot,
      String figure,
      Map<String, List<Row>> lines,
      ToDoubleFunction<Row> at,
      Function<Row, OverSeeds> value) {
    lines.forEach((name, rows) ->
        plot.spread(
            "%s: %s".formatted(figure, name),
            rows.stream().mapToDouble(at).toArray(),
            rows.stream().mapToDouble(row -> value.apply(row).mean()).toArray(),
            rows.stream().mapToDouble(row -> value.apply(row).least()).toArray(),
            rows.stream().mapToDouble(row -> value.apply(row).most()).toArray()));
  }

  /// One row for each method, one column for each number of bits.
  private static String table(List<Row> summary, Function<Row, OverSeeds> figure) {
    TreeSet<Integer> bits = new TreeSet<>();
    Map<String, Map<Integer, OverSeeds>> rows = new LinkedHashMap<>();
    for (Row row : summary) {
      bits.add(row.bits());
      rows.computeIfAbsent(
              name(
                  row.method(),
                  row.similarity(),
                  row.weight(),
                  row.labelNoise(),
                  row.labelSmoothing()),
              method -> new LinkedHashMap<>())
          .put(row.bits(), figure.apply(row));
    }
    StringBuilder table = new StringBuilder("| method |");
    bits.forEach(q -> table.append(" %d bits |".formatted(q)));
    table.append("\n|---|").append("---|".repeat(bits.size())).append('\n');
    rows.forEach((method, byBits) -> {
      table.append("| ").append(method).append(" |");
      for (int q : bits) {
        OverSeeds one = byBits.get(q);
        table.append(one == null ? " |" : " %s |".formatted(one));
      }
      table.append('\n');
    });
    return table.toString();
  }
}

package dev.mekiki.benchmarks.quality;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.training.RetrievalProtocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What `mekiki bench quality` prints and writes.
///
/// @param splitSeed of the split into training pictures, queries and database
/// @param validation whether the training pictures alone were measured with
/// @param summary of the seeds, by method and bits
/// @param results of every seed
record QualityReport(
    long splitSeed, boolean validation, List<Row> summary, List<RetrievalProtocol.Result> results) {
  QualityReport {
    summary = List.copyOf(summary);
    results = List.copyOf(results);
  }

  /// A method at a number of bits.
  ///
  /// @param seeds how many were measured
  /// @param mapAtAll their mean; `least` and `most` are the spread
  /// @param centerLoss mean over seeds
  /// @param seconds mean over seeds, centers and head
  record Row(
      String method,
      int bits,
      long seeds,
      double mapAtAll,
      double least,
      double most,
      int minimumDistance,
      double centerLoss,
      double seconds) {
    static Row of(Collection<RetrievalProtocol.Result> results) {
      RetrievalProtocol.Result first = results.iterator().next();
      DoubleSummaryStatistics map =
          results.stream().mapToDouble(RetrievalProtocol.Result::mapAtAll).summaryStatistics();
      return new Row(
          first.method(),
          first.bits(),
          map.getCount(),
          map.getAverage(),
          map.getMin(),
          map.getMax(),
          results.stream().mapToInt(RetrievalProtocol.Result::minimumDistance).min().orElse(0),
          results.stream().mapToDouble(RetrievalProtocol.Result::centerLoss).average().orElse(0),
          results.stream().mapToDouble(RetrievalProtocol.Result::seconds).average().orElse(0));
    }
  }

  static QualityReport of(
      long splitSeed, boolean validation, List<RetrievalProtocol.Result> results) {
    Map<String, List<RetrievalProtocol.Result>> groups = new LinkedHashMap<>();
    for (RetrievalProtocol.Result result : results) {
      groups
          .computeIfAbsent(result.method() + " " + result.bits(), key -> new ArrayList<>())
          .add(result);
    }
    return new QualityReport(
        splitSeed, validation, groups.values().stream().map(Row::of).toList(), results);
  }

  /// Writes `quality.json`, everything, and `quality.md`, the table.
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    JsonMapper.builder()
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .build()
        .writerWithDefaultPrettyPrinter()
        .writeValue(directory.resolve("quality.json").toFile(), this);
    Files.writeString(directory.resolve("quality.md"), markdown());
  }

  /// One row for each method, one column for each number of bits: mean MAP\@ALL and its spread.
  String markdown() {
    TreeSet<Integer> bits = new TreeSet<>();
    Map<String, Map<Integer, Row>> rows = new LinkedHashMap<>();
    for (Row row : summary) {
      bits.add(row.bits());
      rows.computeIfAbsent(row.method(), method -> new LinkedHashMap<>()).put(row.bits(), row);
    }
    StringBuilder table = new StringBuilder("| method |");
    bits.forEach(q -> table.append(" %d bits |".formatted(q)));
    table.append("\n|---|").append("---|".repeat(bits.size())).append('\n');
    rows.forEach((method, byBits) -> {
      table.append("| ").append(method).append(" |");
      for (int q : bits) {
        Row row = byBits.get(q);
        table.append(
            row == null
                ? " |"
                : " %.4f (%.4f to %.4f) |".formatted(row.mapAtAll(), row.least(), row.most()));
      }
      table.append('\n');
    });
    return table.toString();
  }
}

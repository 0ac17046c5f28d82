package dev.mekiki.training.report.writer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One table of a report, its cells as people read them.
///
/// @param title what it shows
/// @param note what a reader must know to read it; may be empty
/// @param header of the columns
/// @param rows cells, as many as the header has
public record ReportTable(String title, String note, List<String> header, List<List<String>> rows) {
  public ReportTable {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
  }

  /// A table without rows.
  public static ReportTable of(String title, String note, String... header) {
    return new ReportTable(title, note, List.of(header), List.of());
  }

  /// The same with one more row.
  public ReportTable row(Object... cells) {
    List<List<String>> all = new ArrayList<>(rows);
    all.add(Arrays.stream(cells).map(String::valueOf).toList());
    return new ReportTable(title, note, header, all);
  }

  /// A number with so many places behind the point.
  public static String decimals(int places, double value) {
    return String.format(Locale.ROOT, "%." + places + "f", value);
  }

  /// A share, 0 to 1, in percent.
  public static String percent(double share) {
    return decimals(2, 100 * share) + " %";
  }

  /// A whole number with its thousands set off.
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}

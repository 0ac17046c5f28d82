package dev.mekiki.launcher.images;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Prints files that were left out: their number by reason, and the first of them by name, for
/// there may be thousands.
public final class LeftOutReport {
  static final int FIRST = 20;

  private LeftOutReport() {}

  /// Prints nothing where no file was left out.
  ///
  /// @param all whether to name every file
  /// @param option what the user can give to see every file, such as `--verbose`; empty where there
  ///   is none
  public static void print(List<LeftOut> leftOut, boolean all, String option, PrintWriter err) {
    if (leftOut.isEmpty()) {
      return;
    }
    int named = all ? leftOut.size() : Math.min(FIRST, leftOut.size());
    leftOut.subList(0, named).forEach(file -> err.println("mekiki: left out: " + file));
    int more = leftOut.size() - named;
    if (more > 0) {
      err.printf(
          "mekiki: left out: %d more files%s%n",
          more, option.isEmpty() ? "" : " (" + option + " names all)");
    }
    err.printf("mekiki: left out %d files: %s%n", leftOut.size(), byReason(leftOut));
    err.flush();
  }

  private static String byReason(List<LeftOut> leftOut) {
    Map<String, Integer> counts = new TreeMap<>();
    leftOut.forEach(file -> counts.merge(file.reason(), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }
}

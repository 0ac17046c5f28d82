package dev.mekiki.training.report.writer;

import java.util.List;
import java.util.stream.Collectors;

/// A report in Markdown.
public final class Markdown {
  private Markdown() {}

  /// A title, the command, and every table under its own.
  ///
  /// @param command that makes the report again
  public static String of(String title, String command, List<ReportTable> tables) {
    StringBuilder text = new StringBuilder();
    text.append("# ")
        .append(safe(title))
        .append("\n\n    ")
        .append(command.replaceAll("\\R", " "))
        .append('\n');
    for (ReportTable table : tables) {
      text.append("\n## ").append(safe(table.title())).append("\n\n");
      if (!table.note().isEmpty()) {
        text.append(safe(table.note())).append("\n\n");
      }
      text.append(row(table.header()));
      text.append("|---".repeat(table.header().size())).append("|\n");
      table.rows().forEach(cells -> text.append(row(cells)));
    }
    return text.toString();
  }

  private static String row(List<String> cells) {
    return cells.stream().map(Markdown::safe).collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /// Names of classes and files are the user's: none of them may end a cell or begin a tag.
  private static String safe(String text) {
    return text.replaceAll("\\R", " ")
        .replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("`", "\\`");
  }
}

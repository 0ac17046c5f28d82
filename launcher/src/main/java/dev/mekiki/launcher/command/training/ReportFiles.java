package dev.mekiki.launcher.command.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a report goes: an HTML file, a Markdown file, both or neither.
final class ReportFiles {
  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write one HTML file there, with plots and examples.")
  private @Nullable Path html;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Write the report's tables there, in Markdown.")
  private @Nullable Path markdown;

  /// Makes the directories of the files, so that a wrong one is known before the work.
  void createDirectories() throws IOException {
    createDirectory(html);
    createDirectory(markdown);
  }

  private static void createDirectory(@Nullable Path file) throws IOException {
    Path directory = file == null ? null : file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
  }

  boolean any() {
    return html != null || markdown != null;
  }

  /// Writes what is asked for.
  void write(Text asHtml, Text asMarkdown) throws IOException {
    if (html != null) {
      Files.writeString(html, asHtml.get());
    }
    if (markdown != null) {
      Files.writeString(markdown, asMarkdown.get());
    }
  }

  /// A report in one of its forms.
  interface Text {
    String get() throws IOException;
  }
}

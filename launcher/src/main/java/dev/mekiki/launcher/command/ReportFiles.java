package dev.mekiki.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a report goes: an HTML file, a Markdown file, both or neither.
///
/// @param html null for none
/// @param markdown null for none
record ReportFiles(@Nullable Path html, @Nullable Path markdown) {
  /// Makes the directories of the files, so that a wrong one is known before the work.
  static ReportFiles of(@Nullable Path html, @Nullable Path markdown) throws IOException {
    createDirectory(html);
    createDirectory(markdown);
    return new ReportFiles(html, markdown);
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

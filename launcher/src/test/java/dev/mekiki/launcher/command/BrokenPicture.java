package dev.mekiki.launcher.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that begins as a PNG does, and is none.
public final class BrokenPicture {
  private BrokenPicture() {}

  /// Writes it.
  public static void write(Path file) throws IOException {
    Files.write(file, "\u0089PNG\r\n\u001a\nno picture".getBytes(StandardCharsets.ISO_8859_1));
  }
}

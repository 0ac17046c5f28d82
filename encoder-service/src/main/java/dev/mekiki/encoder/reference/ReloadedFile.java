package dev.mekiki.encoder.reference;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a file says, read again when the file has changed: secrets are replaced while a service
/// runs. A file that cannot be read then leaves what it said before. Thread-safe.
///
/// @param <T> what is made of it
final class ReloadedFile<T> {
  private static final Logger log = LoggerFactory.getLogger(ReloadedFile.class);

  private final String key;
  private final Path file;
  private final Parser<T> parser;

  // Guarded by this.
  private FileTime modified;
  private T content;

  /// Makes something of a file.
  ///
  /// @param <T> what
  @FunctionalInterface
  interface Parser<T> {
    /// What a file says.
    ///
    /// @throws IllegalArgumentException naming what is expected, without what is secret
    T parse(Path file) throws IOException;
  }

  private ReloadedFile(String key, Path file, Parser<T> parser, FileTime modified, T content) {
    this.key = key;
    this.file = file;
    this.parser = parser;
    this.modified = modified;
    this.content = content;
  }

  /// What a file says now.
  ///
  /// @param key what the file was named by, in messages
  /// @throws StartException where it cannot be read
  static <T> ReloadedFile<T> open(String key, Path file, Parser<T> parser) {
    try {
      FileTime modified = Files.getLastModifiedTime(file);
      return new ReloadedFile<>(key, file, parser, modified, parser.parse(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException("%s: '%s' cannot be used: %s".formatted(key, file, reason(e)), e);
    }
  }

  /// What it says.
  synchronized T content() {
    try {
      FileTime now = Files.getLastModifiedTime(file);
      if (!now.equals(modified)) {
        // Tried once for each change.
        modified = now;
        content = parser.parse(file);
        log.info("File was read again key={} file={}", key, file);
      }
    } catch (IOException | IllegalArgumentException e) {
      log.warn(
          "File cannot be read again, what it said before stays key={} file={} reason={}",
          key,
          file,
          reason(e));
    }
    return content;
  }

  private static String reason(Exception failure) {
    return failure instanceof IOException
        ? failure.getClass().getSimpleName() + " " + failure.getMessage()
        : String.valueOf(failure.getMessage());
  }
}

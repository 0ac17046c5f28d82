package dev.mekiki.runtime.config;

import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.text.BoundedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a file says, read again when the file has changed: secrets are replaced while a service
/// runs. A file that cannot be read then leaves what it said before. That is logged once for each
/// change. Thread-safe.
///
/// @param <T> what is made of it
public final class ReloadedFile<T> {
  private static final Logger log = LoggerFactory.getLogger(ReloadedFile.class);

  private final String key;
  private final Path file;
  private final Parser<T> parser;

  // Guarded by this.
  private @Nullable FileTime modified;
  private T content;
  private @Nullable String failure;

  /// Makes something of a file.
  ///
  /// @param <T> what
  @FunctionalInterface
  public interface Parser<T> {
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
  public static <T> ReloadedFile<T> open(String key, Path file, Parser<T> parser) {
    try {
      FileTime modified = Files.getLastModifiedTime(file);
      return new ReloadedFile<>(key, file, parser, modified, parser.parse(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException("%s: '%s' cannot be used: %s".formatted(key, file, reason(e)), e);
    }
  }

  /// What it says.
  public synchronized T content() {
    try {
      FileTime now = Files.getLastModifiedTime(file);
      if (!now.equals(modified)) {
        // Tried once for each change.
        modified = now;
        content = parser.parse(file);
        failure = null;
        log.info("File was read again key={} file={}", key, file);
      }
    } catch (IOException e) {
      // It may become readable without a change.
      modified = null;
      failed(reason(e));
    } catch (IllegalArgumentException e) {
      failed(reason(e));
    }
    return content;
  }

  /// Whether {@link #content} is what an earlier file said, because the present one cannot be read.
  public synchronized boolean isStale() {
    return failure != null;
  }

  private void failed(String reason) {
    boolean isKnown = reason.equals(failure);
    failure = reason;
    if (!isKnown) {
      log.warn(
          "File cannot be read again, what it said before stays key={} file={} reason={}",
          key,
          file,
          reason);
    }
  }

  private static String reason(Exception failure) {
    return BoundedText.message(
        failure instanceof IOException
            ? failure.getClass().getSimpleName() + " " + failure.getMessage()
            : String.valueOf(failure.getMessage()));
  }
}

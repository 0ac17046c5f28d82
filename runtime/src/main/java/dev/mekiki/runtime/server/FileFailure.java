package dev.mekiki.runtime.server;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The message for a file that cannot be read.
final class FileFailure {
  private FileFailure() {}

  /// @param name what the file was named by
  /// @param expected what should be in it
  static StartException of(String name, Path file, IOException cause, String expected) {
    String reason =
        switch (cause) {
          case NoSuchFileException _ -> "there is no such file";
          case AccessDeniedException _ -> "access denied";
          default -> String.valueOf(cause.getMessage());
        };
    return new StartException(
        "%s: '%s' cannot be read: %s (expected: %s)".formatted(name, file, reason, expected),
        cause);
  }
}

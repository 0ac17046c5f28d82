package dev.mekiki.files;

import java.io.IOException;
import java.io.Serial;

/// A directory that cannot be locked. The message names the directory, the reason and the remedy;
/// it can be shown alone.
public final class DirectoryLockException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  DirectoryLockException(String message) {
    super(message);
  }

  DirectoryLockException(String message, Throwable cause) {
    super(message, cause);
  }
}

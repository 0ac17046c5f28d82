package dev.mekiki.training.tables;

import java.io.IOException;
import java.io.Serial;

/// A table that is not what it should be. The message names the file, the line or entry, what was
/// expected and what to do; it is for its user.
public final class TableException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  TableException(String message) {
    super(message);
  }

  TableException(String message, Throwable cause) {
    super(message, cause);
  }
}

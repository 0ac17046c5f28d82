package dev.mekiki.runtime;

import java.io.Serial;
import java.util.List;

/// A start that failed for a reason that its user can remove. The message names the input, the
/// limit and the remedy; it is shown alone, without a stack trace.
public final class StartException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public StartException(String message) {
    super(message);
  }

  public StartException(String message, Throwable cause) {
    super(message, cause);
  }

  /// One failure for several problems, a line each.
  ///
  /// @param what what failed, a phrase such as `configuration`
  /// @param problems at least one
  public static StartException of(String what, List<String> problems) {
    if (problems.size() == 1) {
      return new StartException(what + ": " + problems.getFirst());
    }
    return new StartException(
        "%s: %d problems\n  %s".formatted(what, problems.size(), String.join("\n  ", problems)));
  }
}

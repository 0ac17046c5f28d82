package dev.mekiki.runtime.policy;

import java.io.Serial;

/// A record that is none of what its topic holds.
final class UnusableRecordException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String reason;

  /// @param reason one word of a fixed set
  /// @param detail what is wrong and what was expected
  UnusableRecordException(String reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  static UnusableRecordException invalid(String detail) {
    return new UnusableRecordException("invalid", detail);
  }

  String reason() {
    return reason;
  }
}

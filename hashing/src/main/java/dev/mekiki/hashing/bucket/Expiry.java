package dev.mekiki.hashing.bucket;

import java.util.function.BooleanSupplier;

/// Whether a query has expired. The query's own check may read a clock, so it is called only now
/// and then: after so many codes compared or rows read. For one thread.
final class Expiry {
  private static final int CODES_PER_CHECK = 16 * Shell.CHUNK_CODES;
  private static final int ROWS_PER_CHECK = 1024;

  private BooleanSupplier check = () -> true;
  private boolean expired;
  private int codesLeft;
  private int rowsLeft;

  /// Starts a query, and calls its check once.
  void begin(BooleanSupplier check) {
    this.check = check;
    expired = check.getAsBoolean();
    codesLeft = CODES_PER_CHECK;
    rowsLeft = ROWS_PER_CHECK;
  }

  /// True once a check said so.
  boolean isExpired() {
    return expired;
  }

  void comparedCodes(int codes) {
    codesLeft -= codes;
    if (codesLeft <= 0) {
      codesLeft = CODES_PER_CHECK;
      expired |= check.getAsBoolean();
    }
  }

  /// Returns false if the query was checked now and has expired: what is under way should end.
  boolean readRow() {
    if (--rowsLeft > 0) {
      return true;
    }
    rowsLeft = ROWS_PER_CHECK;
    expired |= check.getAsBoolean();
    return !expired;
  }
}

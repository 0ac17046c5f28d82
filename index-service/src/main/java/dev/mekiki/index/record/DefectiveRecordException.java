package dev.mekiki.index.record;

/// A record, or a stored value, that cannot be used: another program wrote it, or a disk damaged
/// it.
public final class DefectiveRecordException extends Exception {
  private static final long serialVersionUID = 1;

  private final String field;

  /// @param field the defective part, one of a fixed set of names
  /// @param message input and expectation, of bounded length
  public DefectiveRecordException(String field, String message) {
    super(message);
    this.field = field;
  }

  /// @param cause what found the defect
  public DefectiveRecordException(String field, String message, Throwable cause) {
    super(message, cause);
    this.field = field;
  }

  /// The defective part, the same for all records with this defect.
  public String field() {
    return field;
  }
}

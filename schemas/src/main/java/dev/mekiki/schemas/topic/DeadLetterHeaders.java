package dev.mekiki.schemas.topic;

/// The headers that a record on `images.dlq` carries beside those of the original record. Values
/// are UTF-8 text, numbers in decimal.
public final class DeadLetterHeaders {
  /// Topic of the original record.
  public static final String TOPIC = "mekiki-dlq-topic";

  /// Partition of the original record.
  public static final String PARTITION = "mekiki-dlq-partition";

  /// Offset of the original record.
  public static final String OFFSET = "mekiki-dlq-offset";

  /// The class of what was wrong: one word of a fixed set, for counting and filtering.
  public static final String ERROR = "mekiki-dlq-error";

  /// What was wrong, with the limit it broke and what would be accepted.
  public static final String MESSAGE = "mekiki-dlq-message";

  private DeadLetterHeaders() {}
}

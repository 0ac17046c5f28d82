package dev.mekiki.schemas.topic;

import java.util.Set;

/// The headers of a record on `images.dlq`, in addition to those of the original record. Values are
/// UTF-8 text, numbers in decimal.
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

  /// What of the original record is left out or cut because the dead letter would be too large with
  /// it: `key`, `value` or `headers` with their sizes. Absent where the dead letter is complete.
  public static final String TRUNCATED = "mekiki-dlq-truncated";

  /// The beginning of a key that is left out.
  public static final String KEY = "mekiki-dlq-key";

  /// All of them: what a retry takes off again.
  public static final Set<String> ALL =
      Set.of(TOPIC, PARTITION, OFFSET, ERROR, MESSAGE, TRUNCATED, KEY);

  private DeadLetterHeaders() {}
}

package dev.mekiki.schemas.topic;

import java.time.Instant;

/// The times that a record may carry: those that protobuf's `Timestamp` and RFC 3339 can express.
/// Brokers before Kafka 4.0 accept any other.
public final class RecordTime {
  /// The first millisecond of the year 1, since 1970.
  public static final long MIN_MILLIS = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();

  /// The last millisecond of the year 9999, since 1970.
  public static final long MAX_MILLIS = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

  private RecordTime() {}

  /// Whether a record's timestamp can be expressed.
  ///
  /// @param timestamp milliseconds since 1970
  public static boolean isValid(long timestamp) {
    return timestamp >= MIN_MILLIS && timestamp <= MAX_MILLIS;
  }
}

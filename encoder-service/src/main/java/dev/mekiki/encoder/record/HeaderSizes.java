package dev.mekiki.encoder.record;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/// Upper bounds for the size of headers in a record, from their lengths alone.
public final class HeaderSizes {
  /// Most bytes of a length: Kafka writes them as variable-length integers.
  private static final int LENGTH_BYTES = 5;

  private HeaderSizes() {}

  /// All headers of a record, at most.
  public static long total(Headers headers) {
    long total = 0;
    for (Header header : headers) {
      total += of(header);
    }
    return total;
  }

  /// One header, at most.
  public static long of(Header header) {
    long value = header.value() == null ? 0 : header.value().length;
    // A char takes at most 3 bytes of UTF-8, a surrogate pair 4.
    return 2 * LENGTH_BYTES + 3L * header.key().length() + value;
  }
}

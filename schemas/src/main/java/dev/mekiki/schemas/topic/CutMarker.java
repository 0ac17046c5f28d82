package dev.mekiki.schemas.topic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.OptionalInt;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/// The records on `image-codes` and `image-landmarks` that announce a cut to index instances:
/// whoever reads on behind one must know the cut of its number. They have no value, and a key that
/// no image has, so that a reader that does not know them takes them for the delete of nothing.
/// Stateless.
public final class CutMarker {
  /// Its value is the number of the cut in decimal digits.
  public static final String HEADER = "mekiki-cut";

  /// More digits than a number of cuts has.
  private static final int MAX_DIGITS = 9;

  private CutMarker() {}

  /// The marker of a cut for one partition.
  ///
  /// @param topic one of `image-codes` or `image-landmarks`
  /// @param number of the cut, at least 1
  public static ProducerRecord<byte[], byte[]> record(String topic, int partition, int number) {
    byte[] digits = Integer.toString(number).getBytes(US_ASCII);
    byte[] key = new byte[digits.length + 1];
    // No UTF-8 begins so, and ids of images are UTF-8.
    key[0] = (byte) 0xFF;
    System.arraycopy(digits, 0, key, 1, digits.length);
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, key, null);
    record.headers().add(new RecordHeader(HEADER, digits));
    return record;
  }

  /// The number of the cut that a record marks; empty where it marks none.
  public static OptionalInt number(Headers headers) {
    Header header = headers.lastHeader(HEADER);
    if (header == null || header.value() == null || header.value().length > MAX_DIGITS) {
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(new String(header.value(), US_ASCII));
      return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}

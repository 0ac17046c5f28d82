package dev.mekiki.schemas.image;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.schemas.topic.RecordTime;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// When an image was deleted: the timestamp of the delete on `images`, in a header of the
/// tombstones that follow from it on the topics of codes and landmarks. By it a delete that is sent
/// again is distinguished from a new one. Stateless.
public final class DeleteTime {
  /// Its value is a decimal number, milliseconds since 1970.
  public static final String HEADER = "mekiki-deleted";

  /// More characters than any time has.
  private static final int MAX_CHARACTERS = 20;

  private DeleteTime() {}

  /// The header of a tombstone.
  ///
  /// @param millis timestamp of the delete, milliseconds since 1970
  public static Header header(long millis) {
    return new RecordHeader(HEADER, Long.toString(millis).getBytes(StandardCharsets.US_ASCII));
  }

  /// The time that a tombstone names; null where it names none, or none that a record may carry:
  /// those of earlier versions, and those of images that were not deleted but cannot be read.
  public static @Nullable Timestamp in(Headers headers) {
    @Nullable Header header = headers.lastHeader(HEADER);
    if (header == null || header.value() == null || header.value().length > MAX_CHARACTERS) {
      return null;
    }
    try {
      long millis = Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII));
      return RecordTime.isValid(millis) ? Timestamps.fromMillis(millis) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}

package dev.mekiki.encoder.record;

import dev.mekiki.encoder.record.DeadLetter.Reason;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Reads keys and headers of records on `images`: plain records and CloudEvents in binary mode.
/// Whether the value is an image, the encoder says.
public final class ArrivalReader {
  private ArrivalReader() {}

  public static Arrival read(ConsumerRecord<byte[], byte[]> record) {
    ImageId id;
    try {
      id = ImageId.parse(record.key());
    } catch (IllegalArgumentException e) {
      return refused(Reason.BAD_ID, String.valueOf(e.getMessage()));
    }
    try {
      return read(id, record.value(), record.headers());
    } catch (BadHeaderException e) {
      return new Arrival.Refused(e.deadLetter.keepingPreviousVersion());
    }
  }

  private static Arrival read(ImageId id, byte @Nullable [] value, Headers headers)
      throws BadHeaderException {
    // Before the tombstone: a reference usually comes without a value, and deletes nothing.
    String reference = text(headers.lastHeader(ImageHeaders.CLOUD_EVENT_DATA_REFERENCE));
    if (reference != null) {
      throw new BadHeaderException(
          Reason.REFERENCE,
          ("%s: '%s' (expected: the image itself as the record's value; references to images held"
                  + " elsewhere are not supported yet)")
              .formatted(
                  ImageHeaders.CLOUD_EVENT_DATA_REFERENCE,
                  reference.length() > 200 ? reference.substring(0, 200) + "..." : reference));
    }
    if (value == null) {
      return new Arrival.Deletion(id);
    }
    String contentType = text(headers.lastHeader(ImageHeaders.CONTENT_TYPE));
    if (contentType != null
        && contentType.toLowerCase(Locale.ROOT).startsWith(ImageHeaders.STRUCTURED_CONTENT_TYPE)) {
      throw new BadHeaderException(
          Reason.STRUCTURED_EVENT,
          ("%s: '%s' (expected: CloudEvents in binary mode, the image as the record's value and"
                  + " attributes as ce_ headers; structured mode is not supported)")
              .formatted(ImageHeaders.CONTENT_TYPE, contentType));
    }
    return new Arrival.Image(
        id, value, contentType == null ? "" : contentType, metadata(headers), mute(headers));
  }

  private static boolean mute(Headers headers) throws BadHeaderException {
    String mute = text(headers.lastHeader(ImageHeaders.MUTE));
    return switch (mute) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new BadHeaderException(
              Reason.BAD_METADATA,
              "%s: '%s' (expected: true or false)".formatted(ImageHeaders.MUTE, mute));
    };
  }

  private static Map<String, String> metadata(Headers headers) throws BadHeaderException {
    Map<String, String> metadata = new LinkedHashMap<>();
    long bytes = 0;
    for (Header header : headers) {
      if (header.key().equals(ImageHeaders.CONTENT_TYPE)
          || header.key().startsWith(ImageHeaders.OWN_PREFIX)) {
        continue;
      }
      bytes += header.key().getBytes(StandardCharsets.UTF_8).length;
      bytes += header.value() == null ? 0 : header.value().length;
      if (bytes > TopicSpec.METADATA_BYTES) {
        throw new BadHeaderException(
            Reason.BAD_METADATA,
            "metadata: more than %d bytes of header names and values (expected: at most that many)"
                .formatted(TopicSpec.METADATA_BYTES));
      }
      // Of headers with one name the last counts, as Kafka's own lastHeader has it.
      String value = text(header);
      metadata.put(header.key(), value == null ? "" : value);
    }
    return metadata;
  }

  private static @Nullable String text(@Nullable Header header) throws BadHeaderException {
    if (header == null || header.value() == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header.value())).toString();
    } catch (CharacterCodingException e) {
      throw new BadHeaderException(
          Reason.BAD_METADATA,
          "header '%s': %d bytes that are not UTF-8 (expected: UTF-8 text)"
              .formatted(header.key(), header.value().length));
    }
  }

  private static Arrival refused(Reason reason, String message) {
    return new Arrival.Refused(new DeadLetter(reason, message));
  }

  /// Leaves the reading of one record.
  private static final class BadHeaderException extends Exception {
    private final transient DeadLetter deadLetter;

    BadHeaderException(Reason reason, String message) {
      super(message, null, false, false);
      this.deadLetter = new DeadLetter(reason, message);
    }
  }
}

package dev.mekiki.encoder.record;

import dev.mekiki.encoder.record.DeadLetter.Reason;
import dev.mekiki.encoder.reference.ReferenceUri;
import dev.mekiki.hashing.match.Origin;
import dev.mekiki.schemas.image.ExpireTime;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.OriginName;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.RecordTime;
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

/// Reads keys, headers and timestamps of records on `images`: plain records and CloudEvents in
/// binary mode. The decoder decides whether the value is an image.
///
/// All text that leaves this class is bounded: ids by {@link ImageId#MAX_BYTES}, content types by
/// {@link #MAX_CONTENT_TYPE_BYTES}, metadata by {@link TopicSpec#METADATA_BYTES} in all, and what a
/// dead letter quotes by {@link BoundedText}.
public final class ArrivalReader {
  /// Most bytes of a `content-type` header: type and subtype of 127 characters each are the longest
  /// that RFC 6838 allows.
  public static final int MAX_CONTENT_TYPE_BYTES = 255;

  private static final int MAX_MUTE_BYTES = 16;

  private final String tenantHeader;

  /// @param tenantHeader the header that names whose image it is
  public ArrivalReader(String tenantHeader) {
    this.tenantHeader = tenantHeader;
  }

  /// What a record says.
  public Arrival read(ConsumerRecord<byte[], byte[]> record) {
    ImageId id;
    try {
      id = ImageId.parse(record.key());
    } catch (IllegalArgumentException e) {
      return new Arrival.Refused(new DeadLetter(Reason.BAD_ID, String.valueOf(e.getMessage())));
    }
    try {
      return read(id, record);
    } catch (RefusedException e) {
      return new Arrival.Refused(e.deadLetter.keepingPreviousVersion());
    }
  }

  private Arrival read(ImageId id, ConsumerRecord<byte[], byte[]> record) throws RefusedException {
    Headers headers = record.headers();
    // Before the deletion: a reference usually comes without a value and must not delete anything.
    Header reference = reference(record);
    byte @Nullable [] value = record.value();
    if (reference == null && value == null) {
      return new Arrival.Deletion(id);
    }
    checkTimestamp(record.timestamp());
    String contentType = contentType(headers);
    Map<String, String> metadata = metadata(headers);
    boolean mute = mute(headers);
    Origin origin = origin(headers);
    Long expires = expires(headers, record.timestamp());
    return reference != null
        ? new Arrival.Reference(id, uri(reference), contentType, metadata, mute, origin, expires)
        : new Arrival.Image(id, value, contentType, metadata, mute, origin, expires);
  }

  /// An expiry in the past is a mistake of the sender. One that has passed since is none.
  private static @Nullable Long expires(Headers headers, long timestamp) throws RefusedException {
    String text = text(headers.lastHeader(ImageHeaders.EXPIRES), ExpireTime.MAX_BYTES);
    if (text == null) {
      return null;
    }
    try {
      return ExpireTime.checkedAfter(
          ImageHeaders.EXPIRES, ExpireTime.parse(ImageHeaders.EXPIRES, text), timestamp);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Reason.BAD_METADATA, String.valueOf(e.getMessage()));
    }
  }

  private Origin origin(Headers headers) throws RefusedException {
    return new Origin(name(headers, tenantHeader), name(headers, ImageHeaders.SOURCE));
  }

  private static String name(Headers headers, String header) throws RefusedException {
    String name = text(headers.lastHeader(header), OriginName.MAX_BYTES);
    try {
      return name == null ? "" : OriginName.checked(header, name);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Reason.BAD_METADATA, String.valueOf(e.getMessage()));
    }
  }

  /// Whether a record names an image that is held elsewhere. Where a record has a value, too, that
  /// is the image: CloudEvents wants both to be the same.
  public static boolean isReference(ConsumerRecord<byte[], byte[]> record) {
    return reference(record) != null;
  }

  private static @Nullable Header reference(ConsumerRecord<byte[], byte[]> record) {
    byte @Nullable [] value = record.value();
    // Some clients can send no null; and no image has no bytes.
    return value == null || value.length == 0
        ? record.headers().lastHeader(ImageHeaders.CLOUD_EVENT_DATA_REFERENCE)
        : null;
  }

  private static String uri(Header reference) throws RefusedException {
    byte @Nullable [] value = reference.value();
    if (value != null && value.length > ReferenceUri.MAX_BYTES) {
      throw new RefusedException(
          Reason.REFERENCE_REFUSED,
          "%s: %d bytes (expected: a URI of at most %d)"
              .formatted(
                  ImageHeaders.CLOUD_EVENT_DATA_REFERENCE, value.length, ReferenceUri.MAX_BYTES));
    }
    // What is not ASCII is no URI, whatever its encoding.
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }

  private static void checkTimestamp(long timestamp) throws RefusedException {
    if (timestamp < 0 || !RecordTime.isValid(timestamp)) {
      throw new RefusedException(
          Reason.BAD_TIMESTAMP,
          "timestamp: %d ms (expected: milliseconds since 1970, from 0 to %d, the end of year 9999)"
              .formatted(timestamp, RecordTime.MAX_MILLIS));
    }
  }

  private static String contentType(Headers headers) throws RefusedException {
    String contentType =
        text(headers.lastHeader(ImageHeaders.CONTENT_TYPE), MAX_CONTENT_TYPE_BYTES);
    if (contentType == null) {
      return "";
    }
    if (contentType.toLowerCase(Locale.ROOT).startsWith(ImageHeaders.STRUCTURED_CONTENT_TYPE)) {
      throw new RefusedException(
          Reason.STRUCTURED_EVENT,
          ("%s: '%s' (expected: CloudEvents in binary mode, the image as the record's value and"
                  + " attributes as ce_ headers; structured mode is not supported)")
              .formatted(ImageHeaders.CONTENT_TYPE, BoundedText.quote(contentType)));
    }
    return contentType;
  }

  private static boolean mute(Headers headers) throws RefusedException {
    String mute = text(headers.lastHeader(ImageHeaders.MUTE), MAX_MUTE_BYTES);
    return switch (mute) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new RefusedException(
              Reason.BAD_METADATA,
              "%s: '%s' (expected: true or false)"
                  .formatted(ImageHeaders.MUTE, BoundedText.quote(mute)));
    };
  }

  private Map<String, String> metadata(Headers headers) throws RefusedException {
    Map<String, String> metadata = new LinkedHashMap<>();
    long bytes = 0;
    for (Header header : headers) {
      if (header.key().equals(ImageHeaders.CONTENT_TYPE)
          || header.key().equals(tenantHeader)
          || header.key().startsWith(ImageHeaders.OWN_PREFIX)) {
        continue;
      }
      bytes += header.key().getBytes(StandardCharsets.UTF_8).length;
      bytes += header.value() == null ? 0 : header.value().length;
      if (bytes > TopicSpec.METADATA_BYTES) {
        throw new RefusedException(
            Reason.BAD_METADATA,
            "metadata: more than %d bytes of header names and values (expected: at most that many)"
                .formatted(TopicSpec.METADATA_BYTES));
      }
      // Of headers with one name the last counts, as in Kafka's own lastHeader.
      String value = text(header, TopicSpec.METADATA_BYTES);
      if (value != null && header.key().equals(ImageHeaders.CLOUD_EVENT_DATA_REFERENCE)) {
        // Whoever may search should not learn a signature by which to fetch.
        value = ReferenceUri.withoutSecrets(value);
      }
      metadata.put(header.key(), value == null ? "" : value);
    }
    return metadata;
  }

  /// The text of a header; null where there is no header or no value.
  private static @Nullable String text(@Nullable Header header, int maxBytes)
      throws RefusedException {
    if (header == null || header.value() == null) {
      return null;
    }
    byte[] value = header.value();
    if (value.length > maxBytes) {
      throw new RefusedException(
          Reason.BAD_METADATA,
          "header '%s': %d bytes (expected: at most %d)"
              .formatted(BoundedText.quote(header.key()), value.length, maxBytes));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException e) {
      throw new RefusedException(
          Reason.BAD_METADATA,
          "header '%s': %d bytes that are not UTF-8 (expected: UTF-8 text)"
              .formatted(BoundedText.quote(header.key()), value.length));
    }
  }

  /// Leaves the reading of one record.
  private static final class RefusedException extends Exception {
    private final transient DeadLetter deadLetter;

    RefusedException(Reason reason, String message) {
      super(message, null, false, false);
      this.deadLetter = new DeadLetter(reason, message);
    }
  }
}

package dev.mekiki.index.record;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.OriginName;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks that records of both input topics have in common.
public final class RecordChecks {
  /// Longest name of a topic in Kafka.
  public static final int MAX_TOPIC_CHARACTERS = 249;

  /// Most bytes of an instance code. Networks make 32; what is bounded can be copied to a
  /// placement.
  public static final int MAX_INSTANCE_CODE_BYTES = 16 << 10;

  private static final int SHA256_BYTES = 32;

  private RecordChecks() {}

  /// The image id that a record's key holds.
  ///
  /// @throws DefectiveRecordException where it is none
  public static String imageId(byte @Nullable [] key) throws DefectiveRecordException {
    if (key != null && key.length > 0 && key.length <= ImageId.MAX_BYTES) {
      String id = new String(key, StandardCharsets.UTF_8);
      // What is not UTF-8 is decoded to this character; the slower strict parser then decides.
      if (id.indexOf('\uFFFD') < 0) {
        return id;
      }
    }
    try {
      return ImageId.parse(key).value();
    } catch (IllegalArgumentException e) {
      throw new DefectiveRecordException("key", String.valueOf(e.getMessage()), e);
    }
  }

  /// Checks a number.
  ///
  /// @throws DefectiveRecordException where the number lies outside the range
  public static void range(String field, long value, long min, long max)
      throws DefectiveRecordException {
    if (value < min || value > max) {
      throw defect(field, value, min + ".." + max);
    }
  }

  /// Checks a number of bytes.
  ///
  /// @throws DefectiveRecordException where the number of bytes is another one
  public static void bytes(String field, int bytes, int expected) throws DefectiveRecordException {
    if (bytes != expected) {
      throw defect(field, bytes + " bytes", expected + " bytes");
    }
  }

  /// Checks the length of a SHA-256.
  ///
  /// @throws DefectiveRecordException unless there are 32 bytes
  public static void sha256(int bytes) throws DefectiveRecordException {
    bytes("sha256", bytes, SHA256_BYTES);
  }

  /// Checks a time.
  ///
  /// @throws DefectiveRecordException where the time lies outside the years 1 to 9999, which are
  ///   all that a timestamp can express in JSON
  public static void time(String field, Timestamp time) throws DefectiveRecordException {
    if (!Timestamps.isValid(time)) {
      throw defect(
          field, time.getSeconds() + " s, " + time.getNanos() + " ns", "a time in years 1 to 9999");
    }
  }

  /// Checks where a record on `images` stood.
  ///
  /// @throws DefectiveRecordException where no record can stand there
  public static void source(String field, SourceCoordinate source) throws DefectiveRecordException {
    if (source.getTopic().length() > MAX_TOPIC_CHARACTERS) {
      throw defect(
          field,
          "a topic of " + source.getTopic().length() + " characters",
          "at most " + MAX_TOPIC_CHARACTERS);
    }
    range(field, source.getPartition(), 0, Integer.MAX_VALUE);
    range(field, source.getOffset(), 0, Long.MAX_VALUE);
  }

  /// Checks the name of a tenant or source.
  ///
  /// @throws DefectiveRecordException where it is none
  public static void name(String field, String name) throws DefectiveRecordException {
    if (name.isEmpty()) {
      return;
    }
    try {
      OriginName.checked(field, name);
    } catch (IllegalArgumentException e) {
      throw new DefectiveRecordException(field, String.valueOf(e.getMessage()), e);
    }
  }

  /// Checks the size of metadata.
  ///
  /// @throws DefectiveRecordException where names and values together are too long
  public static void metadata(String field, Map<String, String> metadata)
      throws DefectiveRecordException {
    long bytes = 0;
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      bytes += utf8(entry.getKey()) + utf8(entry.getValue());
    }
    if (bytes > TopicSpec.METADATA_BYTES) {
      throw defect(field, bytes + " bytes", "at most " + TopicSpec.METADATA_BYTES + " bytes");
    }
  }

  private static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// A defect as input and expectation. The input is cut to a bounded length.
  public static DefectiveRecordException defect(String field, Object input, String expected) {
    return new DefectiveRecordException(
        field,
        "%s: %s (expected: %s)".formatted(field, BoundedText.message(input.toString()), expected));
  }
}

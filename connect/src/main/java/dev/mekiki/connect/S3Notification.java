package dev.mekiki.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;

/// Makes a record for `images` of an event notification of S3, as S3 itself and MinIO send it: an
/// object that was created is an image that lies there (`ce_dataref`), under the id `bucket/key`;
/// one that was removed deletes it. Every other notification is left out. A record that is none, or
/// that holds several, is a {@link DataException}, which Connect's `errors.tolerance` decides
/// about.
///
/// Key and header are bytes: both need `ByteArrayConverter`. Thread-safe.
///
/// @param <R> source or sink records
public final class S3Notification<R extends ConnectRecord<R>> implements Transformation<R> {
  private static final String TOPIC = "images.topic";
  private static final String DATA_REFERENCE = "ce_dataref";

  private static final ConfigDef CONFIG =
      new ConfigDef()
          .define(
              TOPIC,
              ConfigDef.Type.STRING,
              "mekiki.images",
              new ConfigDef.NonEmptyString(),
              ConfigDef.Importance.MEDIUM,
              "The topic of images.");

  private volatile String topic = "";

  /// Called by Connect, which finds this class by its name.
  public S3Notification() {}

  @Override
  public void configure(Map<String, ?> settings) {
    topic = new AbstractConfig(CONFIG, settings).getString(TOPIC);
  }

  @Override
  public ConfigDef config() {
    return CONFIG;
  }

  /// The record for `images`; null where the notification is about no image that comes or goes.
  @Override
  public @Nullable R apply(R record) {
    byte @Nullable [] value = bytes(record);
    if (value == null) {
      return null;
    }
    JsonNode notification = JsonObjects.parse(record.topic(), value);
    JsonNode records = notification.path("Records");
    if (!records.isArray()) {
      // Such as s3:TestEvent.
      return null;
    }
    if (records.size() != 1) {
      throw new DataException(
          "record of %s: %d notifications (expected: one in each record)"
              .formatted(record.topic(), records.size()));
    }
    JsonNode event = records.get(0);
    String name = event.path("eventName").asText("").replaceFirst("^s3:", "");
    boolean isCreated = name.startsWith("ObjectCreated:");
    if (!isCreated && !name.startsWith("ObjectRemoved:")) {
      return null;
    }
    String bucket = text(record, event.path("s3").path("bucket").path("name"));
    String key = decoded(record, text(record, event.path("s3").path("object").path("key")));
    ConnectHeaders headers = new ConnectHeaders();
    if (isCreated) {
      headers.addBytes(DATA_REFERENCE, uri(bucket, key).getBytes(StandardCharsets.UTF_8));
    }
    return record.newRecord(
        topic,
        null,
        Schema.BYTES_SCHEMA,
        (bucket + "/" + key).getBytes(StandardCharsets.UTF_8),
        Schema.OPTIONAL_BYTES_SCHEMA,
        null,
        record.timestamp(),
        headers);
  }

  private static byte @Nullable [] bytes(ConnectRecord<?> record) {
    return switch (record.value()) {
      case null -> null;
      case byte[] bytes -> bytes;
      case String text -> text.getBytes(StandardCharsets.UTF_8);
      default ->
          throw new DataException(
              "record of %s: %s (expected: bytes or text, by ByteArrayConverter or StringConverter)"
                  .formatted(record.topic(), record.value().getClass().getName()));
    };
  }

  private static String text(ConnectRecord<?> record, JsonNode node) {
    String text = node.asText("");
    if (text.isEmpty()) {
      throw new DataException(
          "record of %s: no bucket or no key (expected: s3.bucket.name and s3.object.key)"
              .formatted(record.topic()));
    }
    return text;
  }

  /// Notifications encode keys as forms do.
  private static String decoded(ConnectRecord<?> record, String key) {
    try {
      return URLDecoder.decode(key, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "record of %s: key '%s' (expected: one that is URL-encoded)"
              .formatted(record.topic(), JsonObjects.bounded(key)),
          e);
    }
  }

  private static String uri(String bucket, String key) {
    return Arrays.stream(key.split("/", -1))
        .map(segment -> URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/", "s3://" + bucket + "/", ""));
  }

  @Override
  public void close() {}
}

package dev.mekiki.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.cloudevents.rw.CloudEventRWException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/// Gives records of `matches`, `groups`, `verdicts`, `mutes` and `tenants` to a sink as text: a
/// CloudEvent (version 1.0) in structured JSON. Matches have its attributes as headers; of the
/// others, which hold the present state of something, they are made: `type` by the topic, `subject`
/// and `time` by what it says, `id` by its bytes. A tombstone stays null. A record that is none of
/// these is a {@link DataException}, which Connect's `errors.tolerance` decides about. Thread-safe.
public final class CloudEventsConverter implements Converter {
  private static final String SPECIFICATION = "ce_specversion";
  private static final String DATA_TYPE = "application/json";

  /// By the last part of a topic's name.
  private static final Map<String, String> TYPES =
      Map.of(
          "groups", "dev.mekiki.group",
          "verdicts", "dev.mekiki.verdict",
          "mutes", "dev.mekiki.mute",
          "tenants", "dev.mekiki.tenant");

  private static final int ID_BYTES = 16;

  private final JsonFormat format = new JsonFormat();
  private final CloudEventDeserializer events = new CloudEventDeserializer();

  /// Called by Connect, which finds this class by its name.
  public CloudEventsConverter() {}

  @Override
  public void configure(Map<String, ?> settings, boolean isKey) {
    if (isKey) {
      throw new ConfigException(
          "key.converter: %s (expected: another one, such as org.apache.kafka.connect.storage.StringConverter; this one is for values)"
              .formatted(CloudEventsConverter.class.getName()));
    }
  }

  @Override
  public ConfigDef config() {
    return new ConfigDef();
  }

  /// Refused: what Mekiki reports is written by Mekiki alone.
  ///
  /// @throws DataException always
  @Override
  public byte[] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
    throw new DataException(
        "value for %s: this converter only reads (expected: org.apache.kafka.connect.converters.ByteArrayConverter for images)"
            .formatted(topic));
  }

  @Override
  public SchemaAndValue toConnectData(String topic, byte @Nullable [] value) {
    return toConnectData(topic, new RecordHeaders(), value);
  }

  @Override
  public SchemaAndValue toConnectData(
      String topic, @Nullable Headers headers, byte @Nullable [] value) {
    if (value == null) {
      return SchemaAndValue.NULL;
    }
    CloudEvent event =
        headers != null && headers.lastHeader(SPECIFICATION) != null
            ? reported(topic, headers, value)
            : made(topic, value);
    return new SchemaAndValue(
        Schema.STRING_SCHEMA, new String(format.serialize(event), StandardCharsets.UTF_8));
  }

  private CloudEvent reported(String topic, Headers headers, byte[] value) {
    try {
      return events.deserialize(topic, headers, value);
    } catch (CloudEventRWException | IllegalStateException e) {
      throw new DataException(
          "record of %s: no CloudEvent: %s"
              .formatted(topic, JsonObjects.bounded(String.valueOf(e.getMessage()))),
          e);
    }
  }

  private static CloudEvent made(String topic, byte[] value) {
    String type = TYPES.get(topic.substring(topic.lastIndexOf('.') + 1));
    if (type == null) {
      throw new DataException(
          "record of %s: neither a CloudEvent nor of a topic that is known (expected: one of %s)"
              .formatted(topic, TYPES.keySet().stream().sorted().toList()));
    }
    JsonNode state = JsonObjects.parse(topic, value);
    CloudEventBuilder event =
        CloudEventBuilder.v1()
            .withId(id(topic, value))
            .withType(type)
            .withSource(URI.create("/mekiki/topics/" + topic))
            .withData(DATA_TYPE, value);
    String subject = state.path("id").asText(state.path("tenant").asText(""));
    if (!subject.isEmpty()) {
      event.withSubject(subject);
    }
    if (state.path("time").isTextual()) {
      event.withTime(time(topic, state.path("time").asText()));
    }
    return event.build();
  }

  private static OffsetDateTime time(String topic, String text) {
    try {
      return OffsetDateTime.parse(text);
    } catch (DateTimeException e) {
      throw new DataException(
          "record of %s: time '%s'".formatted(topic, JsonObjects.bounded(text)), e);
    }
  }

  /// The same for a record that is read again.
  private static String id(String topic, byte[] value) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(topic.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return HexFormat.of().formatHex(digest.digest(value), 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

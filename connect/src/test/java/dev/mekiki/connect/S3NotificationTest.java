package dev.mekiki.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3NotificationTest {
  private final S3Notification<SourceRecord> transformation = new S3Notification<>();

  @BeforeEach
  void configure() {
    transformation.configure(Map.of("images.topic", "shop.images"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ObjectCreated:Put", "s3:ObjectCreated:CompleteMultipartUpload"})
  void anObjectThatIsCreatedIsAnImageThere(String event) {
    SourceRecord image = apply(event, "photos", "2026/a+b%C3%A9%3F.jpg");

    assertThat(image.topic()).isEqualTo("shop.images");
    assertThat(image.kafkaPartition()).isNull();
    assertThat(new String((byte[]) image.key(), UTF_8)).isEqualTo("photos/2026/a bé?.jpg");
    assertThat(image.value()).isNull();
    assertThat(new String((byte[]) image.headers().lastWithName("ce_dataref").value(), UTF_8))
        .isEqualTo("s3://photos/2026/a%20b%C3%A9%3F.jpg");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ObjectRemoved:Delete", "s3:ObjectRemoved:DeleteMarkerCreated"})
  void anObjectThatIsRemovedDeletesItsImage(String event) {
    SourceRecord image = apply(event, "photos", "a.jpg");

    assertThat(new String((byte[]) image.key(), UTF_8)).isEqualTo("photos/a.jpg");
    assertThat(image.value()).isNull();
    assertThat(image.headers()).isEmpty();
  }

  @Test
  void whatIsAboutNoImageIsLeftOut() {
    assertThat(transformation.apply(record(notification("ObjectTagging:Put", "b", "k")))).isNull();
    assertThat(transformation.apply(record("{\"Event\":\"s3:TestEvent\"}"))).isNull();
    assertThat(transformation.apply(record(null))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON",
        "[]",
        "{\"Records\":[]}",
        "{\"Records\":[{},{}]}",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\"}]}",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"%zz\"}}}]}"
      })
  void whatIsNoNotificationIsRefused(String value) {
    assertThatThrownBy(() -> transformation.apply(record(value)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("record of bucket-events");
  }

  private SourceRecord apply(String event, String bucket, String key) {
    return Objects.requireNonNull(transformation.apply(record(notification(event, bucket, key))));
  }

  static String notification(String event, String bucket, String key) {
    return """
    {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"%s","s3":{
     "bucket":{"name":"%s"},"object":{"key":"%s","size":1024}}}]}\
    """
        .formatted(event, bucket, key);
  }

  private static SourceRecord record(@Nullable String value) {
    return new SourceRecord(
        Map.of(),
        Map.of(),
        "bucket-events",
        3,
        null,
        null,
        Schema.OPTIONAL_BYTES_SCHEMA,
        value == null ? null : value.getBytes(UTF_8));
  }
}

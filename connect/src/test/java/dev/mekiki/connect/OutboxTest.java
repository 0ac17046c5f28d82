package dev.mekiki.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.transforms.outbox.EventRouter;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.StringConverter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rows of an outbox become records of images by Debezium's router and the settings of the page.
class OutboxTest {
  private static final String TRANSFORMATION = "transforms.outbox.";
  private static final Schema ROW =
      SchemaBuilder.struct()
          .name("shop.public.outbox.Value")
          .optional()
          .field("id", Schema.STRING_SCHEMA)
          .field("aggregatetype", Schema.STRING_SCHEMA)
          .field("aggregateid", Schema.STRING_SCHEMA)
          .field("payload", Schema.OPTIONAL_BYTES_SCHEMA)
          .field("dataref", Schema.OPTIONAL_STRING_SCHEMA)
          .build();
  private static final Schema CHANGE =
      SchemaBuilder.struct()
          .name("shop.public.outbox.Envelope")
          .field("before", ROW)
          .field("after", ROW)
          .field("op", Schema.STRING_SCHEMA)
          .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA)
          .build();

  private final EventRouter<SourceRecord> router = new EventRouter<>();
  private Map<String, String> settings = Map.of();

  @BeforeEach
  void configure() throws IOException {
    settings =
        PageSettings.read(Map.of()).stream()
            .filter(block -> block.containsValue(PageSettings.OUTBOX))
            .findFirst()
            .orElseThrow();
    Map<String, String> own = new HashMap<>();
    settings.forEach((key, value) -> {
      if (key.startsWith(TRANSFORMATION) && !key.endsWith(".type")) {
        own.put(key.substring(TRANSFORMATION.length()), value);
      }
    });
    router.configure(own);
  }

  @AfterEach
  void close() {
    router.close();
  }

  @Test
  void aRowWithBytesIsAnImage() throws ReflectiveOperationException {
    SourceRecord image = router.apply(inserted(new byte[] {1, 2, 3}, null));

    assertThat(image.topic()).isEqualTo("mekiki.images");
    assertThat(bytes("key.converter", image.keySchema(), image.key()))
        .isEqualTo("shop/1.jpg".getBytes(UTF_8));
    assertThat(bytes("value.converter", image.valueSchema(), image.value()))
        .containsExactly(1, 2, 3);
  }

  @Test
  void aRowWithAReferenceSaysWhereTheImageLies() throws ReflectiveOperationException {
    SourceRecord image = router.apply(inserted(null, "s3://photos/1.jpg"));

    assertThat(image.key()).isEqualTo("shop/1.jpg");
    assertThat(image.value()).isNull();
    assertThat(settings).containsEntry("header.converter", StringConverter.class.getName());
    try (HeaderConverter converter = new StringConverter()) {
      converter.configure(Map.of("converter.type", "header"));
      assertThat(
              converter.fromConnectHeader(
                  image.topic(),
                  "ce_dataref",
                  Schema.STRING_SCHEMA,
                  image.headers().lastWithName("ce_dataref").value()))
          .isEqualTo("s3://photos/1.jpg".getBytes(UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRowWithNeitherDeletesTheImage() {
    SourceRecord image = router.apply(inserted(null, null));

    assertThat(image.key()).isEqualTo("shop/1.jpg");
    assertThat(image.value()).isNull();
    assertThat(image.headers().lastWithName("ce_dataref"))
        .satisfiesAnyOf(
            header -> assertThat(header).isNull(), header -> assertThat(header.value()).isNull());
  }

  private byte @Nullable [] bytes(String converter, @Nullable Schema schema, Object value)
      throws ReflectiveOperationException {
    Converter made =
        Class.forName(settings.getOrDefault(converter, ""))
            .asSubclass(Converter.class)
            .getDeclaredConstructor()
            .newInstance();
    made.configure(Map.of(), converter.startsWith("key"));
    return made.fromConnectData("mekiki.images", schema, value);
  }

  private static SourceRecord inserted(byte @Nullable [] payload, @Nullable String reference) {
    Struct row =
        new Struct(ROW)
            .put("id", "11c6")
            .put("aggregatetype", "images")
            .put("aggregateid", "shop/1.jpg")
            .put("payload", payload)
            .put("dataref", reference);
    Struct change =
        new Struct(CHANGE).put("after", row).put("op", "c").put("ts_ms", 1_796_000_000_000L);
    return new SourceRecord(
        Map.of(),
        Map.of(),
        "shop.public.outbox",
        null,
        Schema.STRING_SCHEMA,
        "11c6",
        CHANGE,
        change);
  }
}

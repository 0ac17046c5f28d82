package dev.mekiki.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Records of each topic, and those that are none.
class CloudEventsConverterTest {
  private final CloudEventsConverter converter = new CloudEventsConverter();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private JsonNode event(String topic, RecordHeaders headers, String value) throws Exception {
    SchemaAndValue converted = converter.toConnectData(topic, headers, bytes(value));
    assertThat(converted.schema()).isEqualTo(Schema.STRING_SCHEMA);
    return new JsonMapper().readTree((String) converted.value());
  }

  @Test
  void matchHasTheAttributesOfItsHeaders() throws Exception {
    RecordHeaders headers = new RecordHeaders();
    Map.of(
            "ce_specversion", "1.0",
            "ce_id", "0123",
            "ce_type", "dev.mekiki.match.exact",
            "ce_source", "/mekiki/generations/abc",
            "ce_subject", "ä b",
            "ce_time", "2026-11-30T08:00:00Z",
            "content-type", "application/json")
        .forEach((name, value) -> headers.add(name, bytes(value)));

    JsonNode event = event("mekiki.matches", headers, "{\"eventId\":\"0123\",\"kind\":\"EXACT\"}");

    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    assertThat(event.path("id").asText()).isEqualTo("0123");
    assertThat(event.path("type").asText()).isEqualTo("dev.mekiki.match.exact");
    assertThat(event.path("source").asText()).isEqualTo("/mekiki/generations/abc");
    assertThat(event.path("subject").asText()).isEqualTo("ä b");
    assertThat(event.path("datacontenttype").asText()).isEqualTo("application/json");
    assertThat(event.path("data").path("kind").asText()).isEqualTo("EXACT");
  }

  @ParameterizedTest
  @CsvSource({
    "mekiki.groups, dev.mekiki.group",
    "mekiki.verdicts, dev.mekiki.verdict",
    "a.b.mutes, dev.mekiki.mute",
    "tenants, dev.mekiki.tenant"
  })
  void stateBecomesAnEventOfItsTopic(String topic, String type) throws Exception {
    String value = "{\"id\":\"x/1\",\"time\":\"2026-11-30T08:00:00.123Z\",\"size\":\"2\"}";

    JsonNode event = event(topic, new RecordHeaders(), value);

    assertThat(event.path("type").asText()).isEqualTo(type);
    assertThat(event.path("source").asText()).isEqualTo("/mekiki/topics/" + topic);
    assertThat(event.path("subject").asText()).isEqualTo("x/1");
    assertThat(event.path("time").asText()).isEqualTo("2026-11-30T08:00:00.123Z");
    assertThat(event.path("data").path("size").asText()).isEqualTo("2");
    assertThat(event.path("id").asText()).hasSize(32);
    assertThat(event(topic, new RecordHeaders(), value)).isEqualTo(event);
    assertThat(event(topic, new RecordHeaders(), "{\"id\":\"x/1\"}").path("id"))
        .isNotEqualTo(event.path("id"));
  }

  @Test
  void tombstoneStaysNull() {
    assertThat(converter.toConnectData("mekiki.groups", new RecordHeaders(), null))
        .isEqualTo(SchemaAndValue.NULL);
  }

  @Test
  void whatIsNoSuchRecordIsNamed() {
    assertThatThrownBy(() -> converter.toConnectData("mekiki.images", bytes("x")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("mekiki.images")
        .hasMessageContaining("groups, mutes, tenants, verdicts");
    for (String value : new String[] {"{", "[1]", "", "\u0000".repeat(10_000)}) {
      assertThatThrownBy(() -> converter.toConnectData("mekiki.groups", bytes(value)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no JSON")
          .message()
          .hasSizeLessThan(500);
    }
    assertThatThrownBy(
            () -> converter.toConnectData("mekiki.groups", bytes("{\"time\":\"yesterday\"}")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("time 'yesterday'");
    RecordHeaders incomplete = new RecordHeaders();
    incomplete.add("ce_specversion", bytes("1.0"));
    assertThatThrownBy(() -> converter.toConnectData("mekiki.matches", incomplete, bytes("{}")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no CloudEvent");
  }

  @Test
  void itReadsValuesAlone() {
    assertThatThrownBy(() -> converter.configure(Map.of(), true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("StringConverter");
    assertThatThrownBy(() -> converter.fromConnectData("mekiki.images", null, "x"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("ByteArrayConverter");
  }
}

package dev.mekiki.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.apache.kafka.connect.errors.DataException;

/// Records that are a JSON object.
final class JsonObjects {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int QUOTED = 200;

  private JsonObjects() {}

  /// @throws DataException where it is none
  static JsonNode parse(String topic, byte[] value) {
    try {
      JsonNode object = JSON.readTree(value);
      if (object != null && object.isObject()) {
        return object;
      }
    } catch (IOException e) {
      throw new DataException(
          "record of %s: no JSON: %s".formatted(topic, bounded(String.valueOf(e.getMessage()))), e);
    }
    throw new DataException("record of %s: no JSON object".formatted(topic));
  }

  /// The beginning of a text from outside.
  static String bounded(String text) {
    return text.length() <= QUOTED ? text : text.substring(0, QUOTED) + "...";
  }
}

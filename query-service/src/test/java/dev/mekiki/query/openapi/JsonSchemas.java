package dev.mekiki.query.openapi;

import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes schemas of JSON.
final class JsonSchemas {
  private JsonSchemas() {}

  /// @param type `string`, `integer`, `number`, `boolean`, `object` or `array`
  static Schema<Object> typed(String type) {
    Schema<Object> schema = new JsonSchema();
    schema.setTypes(Set.of(type));
    return schema;
  }

  static Schema<Object> array(Schema<?> items) {
    Schema<Object> schema = typed("array");
    schema.setItems(items);
    return schema;
  }

  static Schema<Object> object(Map<String, Schema<?>> properties, List<String> required) {
    Schema<Object> schema = typed("object");
    properties.forEach(schema::addProperty);
    schema.setRequired(required);
    return schema;
  }

  static Schema<Object> reference(String name) {
    Schema<Object> schema = new JsonSchema();
    schema.set$ref("#/components/schemas/" + name);
    return schema;
  }
}

package dev.mekiki.query.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Messages as JSON schemas, as {@link dev.mekiki.query.json.Json} writes and reads them.
///
/// What is written has every field that is not optional. What is read may leave out any, and has no
/// other: a message that is both has two schemas, of which the one for reading is named `...Input`.
final class MessageSchemas {
  private final ProtoComments comments;
  private final Set<String> written = new HashSet<>();
  private final Map<String, Schema<?>> schemas = new TreeMap<>();

  /// @param responses messages that are written, which take the plain names
  MessageSchemas(ProtoComments comments, Iterable<Descriptor> responses) {
    this.comments = comments;
    responses.forEach(this::collect);
  }

  private void collect(Descriptor message) {
    if (!isTime(message) && written.add(message.getFullName())) {
      for (FieldDescriptor field : message.getFields()) {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField()) {
          collect(field.getMessageType());
        }
      }
    }
  }

  /// All that was asked for, by name.
  Map<String, Schema<?>> schemas() {
    return schemas;
  }

  /// A reference to the schema of a message that is written.
  Schema<?> response(Descriptor message) {
    return reference(message, false);
  }

  /// A reference to the schema of a message that is read.
  Schema<?> request(Descriptor message) {
    return reference(message, true);
  }

  /// The schema of a field that is a parameter.
  Schema<?> parameter(FieldDescriptor field) {
    return one(field, true).description(null);
  }

  private Schema<?> reference(Descriptor message, boolean input) {
    String name = name(message, input);
    if (!schemas.containsKey(name)) {
      Schema<Object> schema = new JsonSchema();
      schemas.put(name, schema);
      describe(message, input, schema);
    }
    return JsonSchemas.reference(name);
  }

  private String name(Descriptor message, boolean input) {
    String name =
        message.getContainingType() == null
            ? message.getName()
            : message.getContainingType().getName() + message.getName();
    return input && written.contains(message.getFullName()) ? name + "Input" : name;
  }

  private void describe(Descriptor message, boolean input, Schema<?> schema) {
    schema.types(Set.of("object"));
    describe(schema, comments.of(message));
    Set<String> required = new TreeSet<>();
    for (FieldDescriptor field : message.getFields()) {
      Schema<?> value = field(field, input);
      describe(value, comments.of(field));
      schema.addProperty(field.getJsonName(), value);
      if (!input && isAlwaysWritten(field)) {
        required.add(field.getJsonName());
      }
    }
    if (!required.isEmpty()) {
      schema.setRequired(required.stream().toList());
    }
    if (input) {
      schema.additionalProperties(false);
    }
  }

  private static boolean isAlwaysWritten(FieldDescriptor field) {
    return field.isRepeated()
        || (!field.hasPresence() && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE);
  }

  private Schema<?> field(FieldDescriptor field, boolean input) {
    if (field.isMapField()) {
      return JsonSchemas.typed("object")
          .additionalProperties(one(field.getMessageType().findFieldByName("value"), input));
    }
    Schema<?> one = one(field, input);
    return field.isRepeated() ? JsonSchemas.array(one) : one;
  }

  private Schema<?> one(FieldDescriptor field, boolean input) {
    return switch (field.getJavaType()) {
      case INT -> JsonSchemas.typed("integer").format("int32");
      // In JSON a text: a number there has 53 bits.
      case LONG -> JsonSchemas.typed("string").format("int64").pattern("^-?[0-9]+$");
      case FLOAT -> JsonSchemas.typed("number").format("float");
      case DOUBLE -> JsonSchemas.typed("number").format("double");
      case BOOLEAN -> JsonSchemas.typed("boolean");
      case STRING -> JsonSchemas.typed("string");
      case BYTE_STRING -> JsonSchemas.typed("string").contentEncoding("base64");
      case ENUM -> constants(field.getEnumType(), input);
      case MESSAGE ->
          isTime(field.getMessageType())
              ? JsonSchemas.typed("string").format("date-time")
              : reference(field.getMessageType(), input);
    };
  }

  private Schema<?> constants(EnumDescriptor type, boolean input) {
    Schema<Object> schema = JsonSchemas.typed("string");
    Set<String> meanings = new LinkedHashSet<>();
    for (EnumValueDescriptor value : type.getValues()) {
      if (!input || value.getNumber() != 0) {
        schema.addEnumItemObject(value.getName());
      }
      String comment = comments.of(value);
      if (!comment.isEmpty()) {
        meanings.add("`%s`: %s".formatted(value.getName(), comment));
      }
    }
    describe(schema, String.join(" ", meanings));
    return schema;
  }

  private static void describe(Schema<?> schema, String comment) {
    if (!comment.isEmpty()) {
      String more = schema.getDescription();
      schema.setDescription(more == null ? comment : comment + " " + more);
    }
  }

  private static boolean isTime(Descriptor message) {
    return message.equals(Timestamp.getDescriptor());
  }
}

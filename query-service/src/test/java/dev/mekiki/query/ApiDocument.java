package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The OpenAPI document as a service gives it, and whether answers are what it says.
final class ApiDocument {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String REFERENCE = "$ref";

  private final JsonNode document;
  private final JsonSchemaFactory schemas =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  ApiDocument(String json) throws JsonProcessingException {
    document = MAPPER.readTree(json);
    forbidOthers(document.path("components").path("schemas"));
  }

  /// One method of one path.
  ///
  /// @param errors statuses, ascending
  record Operation(
      HttpMethod method,
      String path,
      JsonNode node,
      TreeSet<Integer> errors,
      TreeSet<String> queryParameters) {
    String name() {
      return method + " " + path;
    }

    boolean hasBody() {
      return node.has("requestBody");
    }

    boolean takesPicture() {
      return node.path("requestBody").path("content").has("image/*");
    }
  }

  /// The published schemas allow fields of later versions; answers of this one must have no other.
  private static void forbidOthers(JsonNode node) {
    if (node instanceof ObjectNode object && object.has("properties")) {
      if (!object.has("additionalProperties")) {
        object.put("additionalProperties", false);
      }
    }
    node.forEach(ApiDocument::forbidOthers);
  }

  Set<Map.Entry<String, JsonNode>> paths() {
    return document.path("paths").properties();
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : paths()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        TreeSet<Integer> errors = new TreeSet<>();
        method
            .getValue()
            .path("responses")
            .fieldNames()
            .forEachRemaining(status -> {
              if (status.matches("[45]\\d\\d")) {
                errors.add(Integer.valueOf(status));
              }
            });
        TreeSet<String> parameters = new TreeSet<>();
        for (JsonNode parameter : method.getValue().path("parameters")) {
          if (parameter.path("in").asText().equals("query")) {
            parameters.add(parameter.path("name").asText());
          }
        }
        operations.add(
            new Operation(
                HttpMethod.valueOf(method.getKey().toUpperCase(Locale.ROOT)),
                path.getKey(),
                method.getValue(),
                errors,
                parameters));
      }
    }
    return operations;
  }

  Operation operation(String name) {
    return operations().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  /// Fails where an answer is not what the document says of its status.
  ///
  /// @param everyHeader whether each header that is named must be there
  void check(Operation operation, AggregatedHttpResponse answer, boolean everyHeader)
      throws JsonProcessingException {
    JsonNode response =
        resolved(operation.node().path("responses").path(Integer.toString(answer.status().code())));
    assertThat(response.isMissingNode()).as("%s is documented", answer.status()).isFalse();
    @Nullable MediaType type = answer.contentType();
    if (response.has("content")) {
      if (type == null) {
        throw new AssertionError("no content type: " + answer.headers());
      }
      JsonNode content = response.path("content").path(type.nameWithoutParameters());
      assertThat(content.isMissingNode()).as("%s is documented", type).isFalse();
      checkBody(type, content.path("schema"), answer);
    } else {
      assertThat(answer.content().isEmpty()).isTrue();
    }
    response
        .path("headers")
        .fieldNames()
        .forEachRemaining(header -> {
          boolean isLimit = header.startsWith("RateLimit");
          if (everyHeader || !isLimit) {
            assertThat(answer.headers().contains(header.toLowerCase(Locale.ROOT)))
                .as("%s in %s", header, answer.headers())
                .isTrue();
          }
        });
  }

  private void checkBody(MediaType type, JsonNode schema, AggregatedHttpResponse answer)
      throws JsonProcessingException {
    if (type.is(MediaType.EVENT_STREAM)) {
      List<String> events =
          answer.contentUtf8().lines().filter(line -> line.startsWith("data:")).toList();
      assertThat(events).isNotEmpty();
      for (String event : events) {
        checkJson(schema.path("contentSchema"), event.substring("data:".length()));
      }
    } else if (type.subtype().endsWith("json")) {
      assertThat(schema.isMissingNode()).isFalse();
      checkJson(schema, answer.contentUtf8());
    } else {
      assertThat(answer.content().isEmpty()).isFalse();
    }
  }

  private void checkJson(JsonNode schema, String json) throws JsonProcessingException {
    ObjectNode root = MAPPER.createObjectNode();
    root.setAll((ObjectNode) schema);
    root.set("components", document.path("components"));
    JsonSchema validator =
        schemas.getSchema(
            root, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    Set<ValidationMessage> wrong = validator.validate(MAPPER.readTree(json));
    assertThat(wrong).as(json).isEmpty();
  }

  /// Whether an answer is none of the failures that the document describes.
  boolean isNoProblem(AggregatedHttpResponse answer) {
    @Nullable MediaType type = answer.contentType();
    return type == null || !type.subtype().equals("problem+json");
  }

  private JsonNode resolved(JsonNode node) {
    return node.has(REFERENCE)
        ? document.at(Objects.requireNonNull(node.get(REFERENCE).asText()).substring(1))
        : node;
  }
}

package dev.mekiki.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.MediaType;
import dev.mekiki.schemas.text.BoundedText;
import org.jspecify.annotations.Nullable;

/// What a service says about a request that failed (RFC 9457).
///
/// @param status of HTTP, 400 to 599
/// @param title the phrase of HTTP for the status
/// @param detail names the input, the limit and the remedy; bounded
/// @param instance the path of the request; empty where it is not said
/// @param code the name of the gRPC status, such as INVALID_ARGUMENT, which says more than that of
///   HTTP; empty where who answered is no query service
public record Problem(int status, String title, String detail, String instance, String code) {
  private static final JsonMapper JSON = new JsonMapper();

  /// Most bytes of a document that is read.
  private static final int LARGEST = 64 << 10;

  /// The problem that an answer describes. An answer of another kind, such as a proxy's, becomes
  /// one that names it.
  static Problem of(AggregatedHttpResponse answer) {
    int status = answer.status().code();
    @Nullable JsonNode document = document(answer);
    if (document == null) {
      return new Problem(
          status,
          answer.status().reasonPhrase(),
          "status %s with a body of type %s and %d bytes (expected: the answer of a query service)"
              .formatted(
                  answer.status(),
                  BoundedText.quote(answer.headers().get(HttpHeaderNames.CONTENT_TYPE, "none")),
                  answer.content().length()),
          "",
          "");
    }
    return new Problem(
        status,
        text(document, "title"),
        text(document, "detail"),
        text(document, "instance"),
        text(document, "code"));
  }

  private static @Nullable JsonNode document(AggregatedHttpResponse answer) {
    MediaType type = answer.contentType();
    if (type == null || !type.isJson() || answer.content().length() > LARGEST) {
      return null;
    }
    try {
      JsonNode document = JSON.readTree(answer.contentUtf8());
      return document != null && document.path("detail").isTextual() ? document : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static String text(JsonNode document, String field) {
    return BoundedText.message(document.path(field).asText(""));
  }
}

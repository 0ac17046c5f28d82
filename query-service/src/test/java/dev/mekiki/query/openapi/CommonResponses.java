package dev.mekiki.query.openapi;

import com.linecorp.armeria.common.HttpStatus;
import io.grpc.Status;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Errors and headers, which all paths have in common.
final class CommonResponses {
  private static final String HEADERS = "#/components/headers/";
  private static final String RETRY_AFTER = "Retry-After";

  private static final Map<Integer, String> ERRORS = new LinkedHashMap<>();

  static {
    ERRORS.put(400, "A parameter, a field or the body is not what it must be.");
    ERRORS.put(401, "No known token came with the request.");
    ERRORS.put(403, "The token has not the role, or is bound to another tenant.");
    ERRORS.put(404, "There is no such thing, or the caller does not see it.");
    ERRORS.put(409, "Something else is in the way.");
    ERRORS.put(413, "The body is larger than the service takes.");
    ERRORS.put(429, "Too many requests, or too much at once.");
    ERRORS.put(503, "What the service needs does not answer now; try again.");
  }

  private CommonResponses() {}

  static void addTo(Components components) {
    components
        .addHeaders(
            "RateLimit-Limit",
            header("How many requests the token may send in a second, and at once."))
        .addHeaders("RateLimit-Remaining", header("How many of them are left."))
        .addHeaders("RateLimit-Reset", header("Seconds until all of them are there again."))
        .addHeaders(RETRY_AFTER, header("Seconds after which to try again."))
        .addHeaders(
            "WWW-Authenticate",
            new Header().description("How to authenticate.").schema(JsonSchemas.typed("string")))
        .addSchemas("Problem", problem());
    ERRORS.forEach((code, description) -> {
      ApiResponse response = error().description(description);
      if (code == 401) {
        response.addHeaderObject("WWW-Authenticate", headerReference("WWW-Authenticate"));
      } else {
        addRateLimit(response);
      }
      if (code == 429 || code == 503) {
        response.addHeaderObject(RETRY_AFTER, headerReference(RETRY_AFTER));
      }
      components.addResponses(name(HttpStatus.valueOf(code)), response);
    });
    components.addResponses("Other", error().description("Any other failure."));
  }

  /// A success.
  static ApiResponse ok(Content content) {
    ApiResponse response = new ApiResponse().description("Done.").content(content);
    addRateLimit(response);
    return response;
  }

  /// References to errors, and to any other one as the default.
  static void addErrors(ApiResponses responses, Set<Integer> statuses) {
    statuses.forEach(status ->
        responses.addApiResponse(
            Integer.toString(status), OpenApiGenerator.reference(HttpStatus.valueOf(status))));
    responses.addApiResponse("default", new ApiResponse().$ref("#/components/responses/Other"));
  }

  static String name(HttpStatus status) {
    return status.reasonPhrase().replaceAll("[ -]", "");
  }

  private static void addRateLimit(ApiResponse response) {
    for (String name : List.of("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")) {
      response.addHeaderObject(name, headerReference(name));
    }
  }

  private static Header headerReference(String name) {
    return new Header().$ref(HEADERS + name);
  }

  private static Header header(String description) {
    return new Header()
        .description(description)
        .schema(JsonSchemas.typed("integer").minimum(BigDecimal.ZERO));
  }

  private static ApiResponse error() {
    return new ApiResponse()
        .content(
            new Content()
                .addMediaType(
                    "application/problem+json",
                    new MediaType().schema(JsonSchemas.reference("Problem"))));
  }

  private static Schema<?> problem() {
    Schema<Object> code = JsonSchemas.typed("string");
    Arrays.stream(Status.Code.values())
        .filter(one -> one != Status.Code.OK)
        .forEach(one -> code.addEnumItemObject(one.name()));
    code.setDescription("The name of the gRPC status.");
    Map<String, Schema<?>> members = new LinkedHashMap<>();
    members.put(
        "type",
        text("Always `about:blank`: the status says what kind of problem it is.")
            .format("uri-reference"));
    members.put("title", text("The phrase that HTTP has for the status."));
    members.put("status", JsonSchemas.typed("integer"));
    members.put("detail", text("The input, the limit and the remedy."));
    members.put("instance", text("The path of the request.").format("uri-reference"));
    members.put("code", code);
    Schema<Object> problem =
        JsonSchemas.object(members, List.of("type", "title", "status", "detail", "code"));
    problem.setDescription("A failure, as RFC 9457 describes it.");
    return problem;
  }

  private static Schema<Object> text(String description) {
    Schema<Object> text = JsonSchemas.typed("string");
    text.setDescription(description);
    return text;
  }
}

package dev.mekiki.query.openapi;

import com.linecorp.armeria.common.HttpMethod;
import dev.mekiki.schemas.v1.Match;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/// What no method of gRPC is: thumbnails, server-sent events, and the document itself.
final class HttpOnlyPaths {
  private HttpOnlyPaths() {}

  static void add(OpenApiGenerator to) {
    to.add(
        HttpMethod.GET,
        "/v1/thumbnails/{id}",
        thumbnail("getThumbnail", parameter("id", "string").in("path").required(true)));
    to.add(
        HttpMethod.GET,
        "/v1/thumbnails",
        thumbnail("getThumbnailByParameter", parameter("id", "string").in("query").required(true)));
    conditional(to.existing(HttpMethod.GET, "/v1/centers"));
    stream(to, to.existing(HttpMethod.GET, "/v1/matches"));
    to.add(HttpMethod.GET, "/v1/openapi.json", document());
  }

  private static Operation thumbnail(String id, Parameter parameter) {
    ApiResponse picture =
        CommonResponses.ok(new Content().addMediaType("image/jpeg", new MediaType()));
    ApiResponses responses = new ApiResponses().addApiResponse("200", picture);
    CommonResponses.addErrors(responses, HttpExtras.errors("GetImage", false));
    Operation operation =
        new Operation()
            .operationId(id)
            .summary("The thumbnail of an image")
            .addParametersItem(parameter)
            .responses(responses);
    conditional(operation);
    return operation;
  }

  /// Makes an operation one that sends nothing to who has it.
  private static void conditional(Operation operation) {
    ApiResponse found = Objects.requireNonNull(operation.getResponses().get("200"));
    ApiResponse unchanged = new ApiResponse().description("The caller has it.");
    for (ApiResponse one : List.of(found, unchanged)) {
      one.addHeaderObject("ETag", text("The tag of these bytes, for `If-None-Match`."));
      one.addHeaderObject("Cache-Control", text("That it may be kept, and asked for each time."));
    }
    operation.getResponses().addApiResponse("304", unchanged);
    operation.addParametersItem(
        parameter("If-None-Match", "string")
            .in("header")
            .description("Tags of what the caller has."));
  }

  /// What the path of matches does for who does not ask for JSON alone.
  private static void stream(OpenApiGenerator to, Operation matches) {
    matches.addParametersItem(
        parameter("fromBeginning", "boolean")
            .in("query")
            .description("Of a stream: start with all matches that the topic still holds."));
    matches.addParametersItem(
        parameter("endAtPresent", "boolean")
            .in("query")
            .description(
                "Of a stream from the beginning, or after a position: end it where it catches up."));
    matches.addParametersItem(
        parameter("Last-Event-ID", "string")
            .in("header")
            .description("Of a stream: where to go on, instead of `after`."));
    matches.description(
        matches.getDescription()
            + " Anybody else gets server-sent events named `match`, whose data are a Match each, until the caller goes. A page takes `limit`,"
            + " `cursor`, `kind`, `label` and `after`; a stream takes `after`, `fromBeginning` and `endAtPresent`.");
    Schema<?> match = to.written(Match.getDescriptor());
    Objects.requireNonNull(matches.getResponses().get("200"))
        .getContent()
        .addMediaType(
            "text/event-stream",
            new MediaType()
                .schema(
                    JsonSchemas.typed("string")
                        .contentMediaType("application/json")
                        .contentSchema(match)));
  }

  private static Operation document() {
    ApiResponse found =
        new ApiResponse()
            .description("Done.")
            .content(
                new Content()
                    .addMediaType(
                        "application/json", new MediaType().schema(JsonSchemas.typed("object"))));
    found.addHeaderObject("ETag", text("The tag of these bytes, for `If-None-Match`."));
    ApiResponses responses = new ApiResponses().addApiResponse("200", found);
    CommonResponses.addErrors(responses, new TreeSet<>());
    return new Operation()
        .operationId("getOpenApi")
        .summary("This document")
        .description("Needs no token.")
        .responses(responses);
  }

  private static Header text(String description) {
    return new Header().description(description).schema(JsonSchemas.typed("string"));
  }

  private static Parameter parameter(String name, String type) {
    return new Parameter().name(name).schema(JsonSchemas.typed(type));
  }
}

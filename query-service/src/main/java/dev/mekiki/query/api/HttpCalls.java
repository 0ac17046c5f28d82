package dev.mekiki.query.api;

import com.google.protobuf.Message;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.query.json.Json;
import dev.mekiki.schemas.text.BoundedText;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/// What the HTTP APIs have in common: operations that block run on an executor, once the body is
/// there, and answer with JSON.
abstract class HttpCalls {
  private final Executor executor;

  /// @param executor runs the operations, which block
  HttpCalls(Executor executor) {
    this.executor = executor;
  }

  static Parameters parameters(ServiceRequestContext ctx) {
    return Parameters.of(ctx.queryParams());
  }

  /// The id of a request that has no other parameter.
  static String id(ServiceRequestContext ctx) {
    Parameters parameters = parameters(ctx);
    String id = id(ctx, parameters);
    parameters.refuseOthers();
    return id;
  }

  static String id(ServiceRequestContext ctx, Parameters parameters) {
    return Optional.ofNullable(ctx.pathParam("id"))
        .or(() -> parameters.text("id"))
        .orElseThrow(() ->
            ApiException.invalid(
                "id: none (expected: the rest of the path, such as %s/ID, or the parameter id)"
                    .formatted(ctx.path())));
  }

  /// @param allowed the one parameter that may stand beside the JSON, or empty
  static void refuseParametersBesideJson(ServiceRequestContext ctx, String allowed) {
    for (String name : ctx.queryParams().names()) {
      if (!name.equals(allowed)) {
        throw ApiException.invalid(
            "%s: a parameter beside a JSON body (expected: a field of the JSON)"
                .formatted(BoundedText.quote(name)));
      }
    }
  }

  static void merge(RequestBody.JsonObject json, Message.Builder message) {
    try {
      Json.merge(() -> new ByteArrayInputStream(json.bytes()), message);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(String.valueOf(e.getMessage()));
    }
  }

  /// Reads the JSON of a request that has no parameters beside it.
  static <B extends Message.Builder> B merged(
      ServiceRequestContext ctx, RequestBody.JsonObject json, B message) {
    refuseParametersBesideJson(ctx, "");
    merge(json, message);
    return message;
  }

  /// The body where it must be JSON.
  static RequestBody.JsonObject object(RequestBody body) {
    return switch (body) {
      case RequestBody.JsonObject json -> json;
      case RequestBody.Image _ ->
          throw ApiException.invalid("body: an image (expected: a JSON object)");
    };
  }

  static HttpResponse json(Message message) {
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, Json.print(message));
  }

  /// What a request with a body does once the body is there.
  @FunctionalInterface
  interface BodyOperation {
    HttpResponse answer(RequestBody body) throws Exception;
  }

  final HttpResponse withBody(HttpRequest request, BodyOperation operation) {
    return HttpResponse.of(
        RequestBody.read(request)
            .thenApplyAsync(body -> call(() -> operation.answer(body)), executor));
  }

  final HttpResponse later(Callable<HttpResponse> operation) {
    return HttpResponse.of(CompletableFuture.supplyAsync(() -> call(operation), executor));
  }

  private static HttpResponse call(Callable<HttpResponse> operation) {
    try {
      return operation.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }
}

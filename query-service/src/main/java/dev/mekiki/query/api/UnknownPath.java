package dev.mekiki.query.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.schemas.text.BoundedText;
import io.grpc.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Answers what is sent to no path of the API, or to one with another method, and names the paths
/// and methods that there are.
final class UnknownPath implements HttpService {
  private static final Map<String, String> METHODS = new LinkedHashMap<>();
  private static final Set<String> WITH_ID =
      Set.of("/v1/images", "/v1/thumbnails", "/v1/mutes", "/v1/verdicts");

  static {
    METHODS.put("/v1/search", "POST");
    METHODS.put("/v1/images", "GET, PUT, POST, DELETE");
    METHODS.put("/v1/thumbnails", "GET");
    METHODS.put("/v1/matches", "GET");
    METHODS.put("/v1/mutes", "GET, POST, DELETE");
    METHODS.put("/v1/verdicts", "GET, PUT, DELETE");
    METHODS.put("/v1/tenants", "GET, PUT");
    METHODS.put("/v1/status", "GET");
    METHODS.put("/v1/session", "GET");
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    String path = ctx.path();
    for (Map.Entry<String, String> known : METHODS.entrySet()) {
      boolean hasId = WITH_ID.contains(known.getKey());
      if (path.equals(known.getKey()) || (hasId && path.startsWith(known.getKey() + "/"))) {
        if (known.getValue().contains(request.method().name())) {
          // The path matches as a whole only where an id follows the slash.
          return Failures.response(
              ApiException.invalid("id: none (expected: %s/ID)".formatted(known.getKey())), request);
        }
        return Failures.response(
                ApiException.of(
                    Status.Code.UNIMPLEMENTED,
                    HttpStatus.METHOD_NOT_ALLOWED,
                    "method: %s %s (expected: %s)"
                        .formatted(request.method(), BoundedText.quote(path), known.getValue())),
                request)
            .mapHeaders(headers ->
                headers.toBuilder().set(HttpHeaderNames.ALLOW, known.getValue()).build());
      }
    }
    return Failures.response(
        new ApiException(
            Status.Code.NOT_FOUND,
            "path: '%s' is unknown (expected: one of %s; /docs lists the API)"
                .formatted(BoundedText.quote(path), String.join(", ", METHODS.keySet()))),
        request);
  }
}

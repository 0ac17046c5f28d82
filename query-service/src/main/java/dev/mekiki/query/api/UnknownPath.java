package dev.mekiki.query.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.RoutePathType;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.schemas.text.BoundedText;
import io.grpc.Status;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Answers what is sent to no path of the API, or to one with another method, and names the paths
/// and methods that the server has.
final class UnknownPath implements HttpService {
  /// In the order in which messages name them.
  private static final List<HttpMethod> METHODS =
      List.of(HttpMethod.GET, HttpMethod.PUT, HttpMethod.POST, HttpMethod.DELETE);

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    List<Route> routes =
        ctx.config().server().config().serviceConfigs().stream()
            .filter(config -> config.service().as(UnknownPath.class) == null)
            .map(ServiceConfig::route)
            .filter(route -> route.patternString().replace("^", "").startsWith("/v1/"))
            .toList();
    String path = ctx.path();
    String allowed = named(methods(routes, path));
    if (!allowed.isEmpty()) {
      return Failures.response(
              ApiException.of(
                  Status.Code.UNIMPLEMENTED,
                  HttpStatus.METHOD_NOT_ALLOWED,
                  "method: %s %s (expected: %s)"
                      .formatted(request.method(), BoundedText.quote(path), allowed)),
              request)
          .mapHeaders(headers -> headers.toBuilder().set(HttpHeaderNames.ALLOW, allowed).build());
    }
    if (path.endsWith("/") && methods(routes, path + "ID").contains(request.method())) {
      return Failures.response(
          ApiException.invalid("id: none (expected: %sID)".formatted(path)), request);
    }
    return Failures.response(
        new ApiException(
            Status.Code.NOT_FOUND,
            "path: '%s' is unknown (expected: one of %s; /docs lists the API)"
                .formatted(
                    BoundedText.quote(path),
                    routes.stream()
                        .filter(route -> route.pathType() == RoutePathType.EXACT)
                        .map(Route::patternString)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", ")))),
        request);
  }

  /// The methods with which a path may be called; none where it is unknown.
  private static Set<HttpMethod> methods(List<Route> routes, String path) {
    Set<HttpMethod> methods = EnumSet.noneOf(HttpMethod.class);
    for (Route route : routes) {
      String pattern = route.patternString();
      boolean fits =
          pattern.startsWith("^")
              ? Pattern.compile(pattern).matcher(path).find()
              : pattern.equals(path);
      if (fits) {
        methods.addAll(route.methods());
      }
    }
    return methods;
  }

  private static String named(Set<HttpMethod> methods) {
    return METHODS.stream()
        .filter(methods::contains)
        .map(HttpMethod::name)
        .collect(Collectors.joining(", "));
  }
}

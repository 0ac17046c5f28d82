package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.cors.CorsService;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.ServerConfig;
import dev.mekiki.schemas.text.BoundedText;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The web pages of other sites that may call a service from a browser. Immutable, thread-safe.
///
/// @param origins of them, in lower case: scheme, host and, where it is not that of the scheme,
///   port
record CrossOrigins(Set<String> origins) {
  /// For how long a browser may remember what is allowed.
  private static final Duration MAX_AGE = Duration.ofMinutes(10);

  /// Reads what is configured.
  ///
  /// @throws StartException naming what is no origin
  static CrossOrigins of(ServerConfig server) {
    return new CrossOrigins(
        server.corsOrigins().orElse(List.of()).stream()
            .map(origin -> checked(origin.strip()))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static String checked(String text) {
    try {
      URI uri = new URI(text.toLowerCase(Locale.ROOT));
      String origin =
          "%s://%s%s"
              .formatted(
                  uri.getScheme(), uri.getHost(), uri.getPort() < 0 ? "" : ":" + uri.getPort());
      boolean isWeb = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      // Nothing else stands in it: browsers send no more.
      if (isWeb && uri.getHost() != null && origin.equals(uri.toString())) {
        return origin;
      }
    } catch (URISyntaxException e) {
      throw refusal(text);
    }
    throw refusal(text);
  }

  private static StartException refusal(String text) {
    return new StartException(
        ("mekiki.server.cors-origins: '%s' (expected: the origin of web pages as browsers send it, such as"
                + " https://shop.example or http://localhost:3000; without a path, and none for all)")
            .formatted(BoundedText.quote(text)));
  }

  boolean isEmpty() {
    return origins.isEmpty();
  }

  /// Whether pages of an origin may send requests.
  boolean allows(String origin) {
    return origins.contains(origin.toLowerCase(Locale.ROOT));
  }

  /// Tells browsers so, also of requests that are refused: a page can then read why. Tokens travel
  /// in a header that pages set themselves, so no cookies or other credentials are allowed.
  Function<? super HttpService, CorsService> decorator() {
    return CorsService.builder(this::allows)
        .allowRequestMethods(HttpMethod.GET, HttpMethod.PUT, HttpMethod.POST, HttpMethod.DELETE)
        .allowRequestHeaders(
            HttpHeaderNames.AUTHORIZATION,
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.IF_NONE_MATCH,
            "last-event-id")
        .exposeHeaders(
            HttpHeaderNames.ETAG,
            HttpHeaderNames.RETRY_AFTER,
            HttpHeaderNames.WWW_AUTHENTICATE,
            RateLimit.LIMIT,
            RateLimit.REMAINING,
            RateLimit.RESET)
        .maxAge(MAX_AGE)
        .newDecorator();
  }
}

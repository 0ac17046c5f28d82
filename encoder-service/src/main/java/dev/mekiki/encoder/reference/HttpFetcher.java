package dev.mekiki.encoder.reference;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.RequestOptions;
import com.linecorp.armeria.client.ResponseTimeoutException;
import com.linecorp.armeria.client.ResponseTimeoutMode;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.SplitHttpResponse;
import dev.mekiki.schemas.text.BoundedText;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Fetches images from web servers. Each request, those after a redirect included, goes to an
/// address that was checked. Nothing that a server says of an image is trusted, neither its type
/// nor its size; compressed answers are refused. Thread-safe.
final class HttpFetcher implements AutoCloseable {
  private static final int OK = 200;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /// Too late, too early, too many: of errors of the client those that pass.
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private final ClientFactory clients;
  private final Addresses addresses;
  private final Admission admission;
  private final HttpCredentials credentials;
  private final int maxRedirects;
  private final int maxBytes;

  /// @param clients closed with this
  /// @param addresses closed with this
  /// @param admission what redirects may lead to
  /// @param maxBytes of an image
  HttpFetcher(
      ClientFactory clients,
      Addresses addresses,
      Admission admission,
      HttpCredentials credentials,
      int maxRedirects,
      int maxBytes) {
    this.clients = clients;
    this.addresses = addresses;
    this.admission = admission;
    this.credentials = credentials;
    this.maxRedirects = maxRedirects;
    this.maxBytes = maxBytes;
  }

  /// What a server answers that has something.
  sealed interface Answer {
    /// The body.
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Body(byte[] bytes) implements Answer {}

    /// Where it is.
    record Redirect(String location) implements Answer {}
  }

  /// The body of what a URI leads to, redirects followed.
  byte[] fetch(ReferenceUri first, Attempt attempt)
      throws ReferenceException, MemoryNeededException, InterruptedException {
    Set<ReferenceUri> seen = new HashSet<>();
    ReferenceUri uri = first;
    while (true) {
      boolean _ = seen.add(uri);
      switch (get(uri, credentials.headers(uri), false, attempt)) {
        case Answer.Body(byte[] bytes) -> {
          return bytes;
        }
        case Answer.Redirect(String location) -> {
          ReferenceUri next = redirected(uri, location);
          if (seen.contains(next)) {
            throw ReferenceException.refused(
                "redirected in a circle, to '%s' (expected: a redirect that ends)"
                    .formatted(BoundedText.quote(next.toString())));
          }
          if (seen.size() > maxRedirects) {
            throw ReferenceException.refused(
                ("redirected more than %d times (expected: at most that many, the limit"
                        + " mekiki.encoder.references.redirects)")
                    .formatted(maxRedirects));
          }
          uri = next;
        }
      }
    }
  }

  private ReferenceUri redirected(ReferenceUri from, String location) throws ReferenceException {
    try {
      ReferenceUri next = from.redirected(location);
      if (!next.scheme().equals("https") && !next.scheme().equals(from.scheme())) {
        throw ReferenceException.refused(
            "%s after %s (expected: https)".formatted(next.scheme(), from.scheme()));
      }
      admission.check(next);
      return next;
    } catch (ReferenceException e) {
      throw e.about(
          "redirected to '%s'".formatted(BoundedText.quote(ReferenceUri.withoutSecrets(location))));
    }
  }

  /// What one request is answered by.
  ///
  /// @param trusted whether the operator has named this server, whatever its address
  Answer get(ReferenceUri uri, Map<String, String> headers, boolean trusted, Attempt attempt)
      throws ReferenceException, MemoryNeededException, InterruptedException {
    HttpResponse response = send(uri, headers, addresses.of(uri, trusted, attempt), attempt);
    try {
      SplitHttpResponse parts = response.split();
      ResponseHeaders answer = await(parts.headers(), attempt);
      String location = answer.get(HttpHeaderNames.LOCATION);
      if (location != null && REDIRECTS.contains(answer.status().code())) {
        return new Answer.Redirect(location);
      }
      check(answer);
      BodyCollector collector =
          new BodyCollector(attempt.share(), announced(answer, attempt), maxBytes);
      parts.body().subscribe(collector);
      return new Answer.Body(await(collector.body(), attempt));
    } finally {
      // Nothing more is read of it.
      response.abort();
    }
  }

  private HttpResponse send(
      ReferenceUri uri, Map<String, String> headers, InetAddress address, Attempt attempt)
      throws ReferenceException {
    boolean secure = uri.scheme().equals("https");
    WebClient client =
        WebClient.builder(
                secure ? SessionProtocol.HTTPS : SessionProtocol.H1C, endpoint(uri, address))
            .factory(clients)
            .decorator((delegate, context, request) -> {
              // It writes a query in a form of its own, under which a signature would not hold.
              HttpRequest written =
                  request.withHeaders(request.headers().toBuilder().path(uri.target()));
              context.updateRequest(written);
              return delegate.execute(context, written);
            })
            .build();
    RequestHeadersBuilder request =
        RequestHeaders.builder(HttpMethod.GET, uri.target())
            .set(HttpHeaderNames.ACCEPT, "*/*")
            .set(HttpHeaderNames.ACCEPT_ENCODING, "identity")
            .set(HttpHeaderNames.USER_AGENT, "mekiki");
    headers.forEach(request::set);
    return client.execute(
        HttpRequest.of(request.build()),
        RequestOptions.builder()
            .responseTimeout(attempt.left())
            // From the beginning: connecting counts, too.
            .responseTimeoutMode(ResponseTimeoutMode.FROM_START)
            // The collector ends what is too long, with a message that names the limit.
            .maxResponseLength(0)
            .build());
  }

  /// The name goes into the request and is what a certificate must be for.
  private static Endpoint endpoint(ReferenceUri uri, InetAddress address)
      throws ReferenceException {
    try {
      return Endpoint.of(uri.host(), uri.port()).withIpAddr(address.getHostAddress());
    } catch (IllegalArgumentException e) {
      throw ReferenceException.refused(
          "'%s' is no name of a host (expected: labels of at most 63 letters, digits and hyphens)"
              .formatted(BoundedText.quote(uri.host())));
    }
  }

  private static void check(ResponseHeaders answer) throws ReferenceException {
    int status = answer.status().code();
    if (status >= 500 || PASSING.contains(status)) {
      throw ReferenceException.passing(
          unexpected(status), retryAfter(answer.get(HttpHeaderNames.RETRY_AFTER)), null);
    }
    if (status != OK) {
      throw ReferenceException.unavailable(unexpected(status));
    }
    String encoding = answer.get(HttpHeaderNames.CONTENT_ENCODING);
    if (encoding != null && !encoding.strip().equalsIgnoreCase("identity")) {
      throw ReferenceException.unavailable(
          "the server sends content-encoding '%s' (expected: none, as the request asks)"
              .formatted(BoundedText.quote(encoding)));
    }
  }

  private static String unexpected(int status) {
    return "the server answers %d (expected: 200)".formatted(status);
  }

  private static Duration retryAfter(@Nullable String value) {
    if (value == null) {
      return Duration.ZERO;
    }
    if (SECONDS.matcher(value).matches()) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Duration.between(Instant.now(), at);
    } catch (DateTimeException | ArithmeticException e) {
      return Duration.ZERO;
    }
  }

  /// Bytes that the server says the body has, for which memory is reserved now; negative where it
  /// does not say.
  private int announced(ResponseHeaders answer, Attempt attempt)
      throws ReferenceException, MemoryNeededException {
    long bytes = answer.getLong(HttpHeaderNames.CONTENT_LENGTH, -1);
    if (bytes > maxBytes) {
      throw ReferenceException.tooManyBytes("%d bytes".formatted(bytes), maxBytes);
    }
    if (bytes >= 0 && !attempt.share().extend((int) bytes)) {
      throw new MemoryNeededException((int) bytes);
    }
    return (int) bytes;
  }

  private static <T> T await(CompletableFuture<T> future, Attempt attempt)
      throws ReferenceException, MemoryNeededException, InterruptedException {
    try {
      return future.get(attempt.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw attempt.timedOut(e);
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case ReferenceException failure -> failure;
        case ResponseTimeoutException failure -> attempt.timedOut(failure);
        case MemoryNeededException failure -> throw failure;
        case null, default ->
            ReferenceException.passing(
                "the server does not answer: %s (expected: a whole answer)".formatted(reason(e)),
                e);
      };
    }
  }

  /// What went wrong on the way, in words that name no more than the innermost failure.
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName() + ": " + BoundedText.message(cause);
  }

  @Override
  public void close() {
    clients.close();
    addresses.close();
  }
}

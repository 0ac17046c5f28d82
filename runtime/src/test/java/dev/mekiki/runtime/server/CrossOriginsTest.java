package dev.mekiki.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A real server, asked as browsers do for pages of other sites.
class CrossOriginsTest {
  private static final String SHOP = "https://shop.example";
  private static final String TOKEN = "0123456789abcdef";
  private static final String ALLOWED = "access-control-allow-origin";

  @TempDir Path directory;
  private final ReverseCloser parts = new ReverseCloser();
  private WebClient client = WebClient.of();

  @AfterEach
  void stop() {
    parts.close();
  }

  @Test
  void noPageOfAnotherSiteMayCallUnlessConfigured() throws IOException {
    start(guarded(Map.of()));
    AggregatedHttpResponse answer = get(SHOP, TOKEN);
    assertThat(answer.status()).isEqualTo(HttpStatus.OK);
    assertThat(answer.headers().contains(ALLOWED)).isFalse();
    assertThat(preflight(SHOP).headers().contains(ALLOWED)).isFalse();
  }

  @Test
  void pagesOfAConfiguredOriginMayCallWithTheirToken() throws IOException {
    start(guarded(Map.of("mekiki.server.cors-origins", SHOP + ", http://localhost:3000")));

    AggregatedHttpResponse asked = preflight(SHOP);
    assertThat(asked.status()).isEqualTo(HttpStatus.OK);
    assertThat(asked.headers().get(ALLOWED)).isEqualTo(SHOP);
    assertThat(asked.headers().get("access-control-allow-methods"))
        .contains("GET", "PUT", "POST", "DELETE");
    assertThat(asked.headers().get("access-control-allow-headers"))
        .contains("authorization", "content-type", "last-event-id", "if-none-match");
    assertThat(asked.headers().contains("access-control-allow-credentials")).isFalse();

    AggregatedHttpResponse answer = get("http://localhost:3000", TOKEN);
    assertThat(answer.contentUtf8()).isEqualTo("hello");
    assertThat(answer.headers().get(ALLOWED)).isEqualTo("http://localhost:3000");
    assertThat(answer.headers().get("access-control-expose-headers"))
        .contains("ratelimit-remaining", "retry-after", "etag");
    assertThat(answer.headers().get("vary")).containsIgnoringCase("origin");

    // A page can read why it was refused; it still needs a token.
    AggregatedHttpResponse refused = get(SHOP, "wrong");
    assertThat(refused.status()).isEqualTo(HttpStatus.UNAUTHORIZED);
    assertThat(refused.headers().get(ALLOWED)).isEqualTo(SHOP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.example",
        "https://evil.example",
        "null"
      })
  void pagesOfAnyOtherOriginMayNot(String origin) throws IOException {
    start(guarded(Map.of("mekiki.server.cors-origins", SHOP)));

    assertThat(get(origin, TOKEN).headers().contains(ALLOWED)).isFalse();
    assertThat(preflight(origin).headers().contains(ALLOWED)).isFalse();
  }

  @Test
  void withoutTokensAConfiguredOriginPassesAndAnyOtherIsRefused() {
    start(Map.of("mekiki.server.cors-origins", SHOP));

    AggregatedHttpResponse answer = get(SHOP, null);
    assertThat(answer.status()).isEqualTo(HttpStatus.OK);
    assertThat(answer.headers().get(ALLOWED)).isEqualTo(SHOP);
    assertThat(preflight(SHOP).headers().get(ALLOWED)).isEqualTo(SHOP);
    assertThat(get("https://evil.example", null).status()).isEqualTo(HttpStatus.FORBIDDEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "shop.example",
        "ftp://shop.example",
        "https://shop.example/",
        "https://shop.example/page",
        "https://user@shop.example",
        "https://",
        "http://a b"
      })
  void whatIsNoOriginIsRefusedAtTheStart(String text) {
    assertThatThrownBy(() -> TestAccess.of(Map.of("mekiki.server.cors-origins", text)))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("mekiki.server.cors-origins: '" + text + "' (expected: the origin");
  }

  private Map<String, String> guarded(Map<String, String> keys) throws IOException {
    Map<String, String> all = new HashMap<>(keys);
    all.put(
        "mekiki.server.token-file",
        Files.writeString(directory.resolve("token"), TOKEN).toString());
    return all;
  }

  private void start(Map<String, String> keys) {
    ServiceServer server =
        ServiceServer.start(
            TestAccess.of(keys),
            ServiceMetrics.registry("sample"),
            () -> true,
            Permissions.builder().needs(Role.READ, "/hello").build(),
            builder -> builder.service("/hello", (context, request) -> HttpResponse.of("hello")));
    client = WebClient.of(parts.add(server).url());
  }

  private AggregatedHttpResponse get(String origin, @Nullable String token) {
    RequestHeadersBuilder headers =
        RequestHeaders.builder(HttpMethod.GET, "/hello").set("origin", origin);
    if (token != null) {
      headers.set("authorization", "Bearer " + token);
    }
    return send(headers);
  }

  private AggregatedHttpResponse preflight(String origin) {
    return send(
        RequestHeaders.builder(HttpMethod.OPTIONS, "/hello")
            .set("origin", origin)
            .set("access-control-request-method", "PUT")
            .set("access-control-request-headers", "authorization"));
  }

  private AggregatedHttpResponse send(RequestHeadersBuilder headers) {
    return client.execute(headers.build()).aggregate().join();
  }
}

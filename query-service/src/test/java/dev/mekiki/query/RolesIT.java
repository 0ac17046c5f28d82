package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.SplitHttpResponse;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.query.api.Endpoints;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import dev.mekiki.runtime.server.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every endpoint of the query service, called with a token of each role. The server does not start
/// with an endpoint that the table of roles does not name, so none is left out here.
class RolesIT {
  private static final MediaType PROBLEM = MediaType.parse("application/problem+json");
  private static final MediaType GRPC = MediaType.parse("application/grpc+proto");

  /// The frame of a message that ends before it begins: no method gets to run.
  private static final HttpData NO_MESSAGE = HttpData.wrap(new byte[] {9, 0, 0, 0, 1});

  @TempDir static Path directory;

  private static final ReverseCloser parts = new ReverseCloser();
  private static WebClient client;

  @BeforeAll
  static void start() throws Exception {
    EmbeddedBroker broker =
        parts.add(EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker"))));
    TestTokens tokens = new TestTokens();
    for (Role role : Role.values()) {
      var _ = tokens.with(role.text() + "-only", role.text());
    }
    var _ = tokens.add("shop", ", \"tenant\": \"shop\"", "read", "operate");
    QueryConfig config =
        Configuration.of(
            QueryConfig.class,
            Map.of(
                "mekiki.kafka.bootstrap-servers",
                broker.bootstrapServers(),
                "mekiki.query.port",
                "0",
                "mekiki.server.token-file",
                Files.writeString(directory.resolve("token"), TestTokens.token("service"))
                    .toString(),
                "mekiki.server.tokens-file",
                tokens.write(directory.resolve("tokens.json")).toString()));
    client = WebClient.of(parts.add(QueryService.start(config)).url());
  }

  @AfterAll
  static void stop() {
    parts.close();
  }

  @TestFactory
  Stream<DynamicTest> everyEndpointRefusesEveryRoleButItsOwn() {
    return Endpoints.PERMISSIONS.endpoints().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(entry ->
            EnumSet.allOf(Role.class).stream()
                .map(role ->
                    DynamicTest.dynamicTest(
                        entry.getKey() + " as " + role.text(),
                        () -> check(entry.getKey(), entry.getValue(), role))));
  }

  private static void check(String endpoint, Optional<Role> needed, Role role) {
    boolean passes = needed.isEmpty() || needed.get() == role;
    String named = "the role '%s'".formatted(needed.map(Role::text).orElse(""));
    String path = path(endpoint);
    for (HttpMethod method : methods(endpoint)) {
      SplitHttpResponse response = send(method, path, MediaType.JSON, HttpData.ofUtf8("{"), role);
      HttpStatus status = response.headers().join().status();
      if (passes) {
        assertThat(status).isNotIn(HttpStatus.UNAUTHORIZED, HttpStatus.FORBIDDEN);
        response.body().abort();
        continue;
      }
      assertThat(status).isEqualTo(HttpStatus.FORBIDDEN);
      assertThat(response.headers().join().contentType()).isEqualTo(PROBLEM);
      assertThat(response.body().collect().join().getFirst().toStringUtf8())
          .contains("PERMISSION_DENIED", named, role.text() + "-only");
    }
    if (isGrpc(endpoint)) {
      SplitHttpResponse response = send(HttpMethod.POST, path, GRPC, NO_MESSAGE, role);
      assertThat(response.headers().join().status()).isEqualTo(HttpStatus.OK);
      if (passes) {
        assertThat(response.headers().join().get("grpc-status")).isNotIn("7", "16");
        response.body().abort();
      } else {
        assertThat(response.headers().join().get("grpc-status")).isEqualTo("7");
        assertThat(response.headers().join().get("grpc-message")).contains(named);
      }
    }
  }

  @Test
  void aMissingRoleIsInTheAuditLog() {
    try (AuditLines audit = new AuditLines()) {
      AggregatedHttpResponse response =
          client
              .execute(
                  RequestHeaders.of(
                      HttpMethod.DELETE,
                      "/v1/images/a.jpg",
                      "authorization",
                      "Bearer " + TestTokens.token("read-only")))
              .aggregate()
              .join();
      assertThat(response.status()).isEqualTo(HttpStatus.FORBIDDEN);
      assertThat(audit.lines())
          .containsExactly(
              """
              {"action":"refused","caller":"read-only","what":{"request":"DELETE /v1/images/a.jpg"},\
              "outcome":"REFUSED","reason":"the role 'write' is missing"}\
              """);
    }
  }

  @Test
  void theSessionSaysWhoCalls() {
    assertThat(session("read-only")).isEqualTo("{\"name\":\"read-only\",\"roles\":[\"read\"]}");
    assertThat(session("shop"))
        .isEqualTo("{\"name\":\"shop\",\"roles\":[\"operate\",\"read\"],\"tenant\":\"shop\"}");
    assertThat(session("service"))
        .isEqualTo(
            "{\"name\":\"service\",\"roles\":[\"operate\",\"read\",\"review\",\"service\",\"write\"]}");
    assertThat(client.blocking().get("/v1/session").status()).isEqualTo(HttpStatus.UNAUTHORIZED);
  }

  private static String session(String name) {
    AggregatedHttpResponse response =
        client
            .execute(
                RequestHeaders.of(
                    HttpMethod.GET,
                    "/v1/session",
                    "authorization",
                    "Bearer " + TestTokens.token(name)))
            .aggregate()
            .join();
    return response.contentUtf8();
  }

  private static SplitHttpResponse send(
      HttpMethod method, String path, MediaType type, HttpData body, Role role) {
    RequestHeaders headers =
        RequestHeaders.builder(method, path)
            .contentType(type)
            .set("authorization", "Bearer " + TestTokens.token(role.text() + "-only"))
            .build();
    return client
        .execute(method == HttpMethod.GET ? HttpRequest.of(headers) : HttpRequest.of(headers, body))
        .split();
  }

  private static String path(String endpoint) {
    return endpoint
        .substring(endpoint.indexOf(' ') + 1)
        .replaceFirst("^\\^(.*)\\(\\?<id>.*$", "$1some")
        .replace("*", "some");
  }

  /// Those named; else the ones that are usual.
  private static List<HttpMethod> methods(String endpoint) {
    int space = endpoint.indexOf(' ');
    if (space > 0) {
      return List.of(HttpMethod.valueOf(endpoint.substring(0, space)));
    }
    if (isGrpc(endpoint)) {
      return List.of(HttpMethod.POST);
    }
    return endpoint.startsWith("^/v1/mutes") || endpoint.startsWith("^/v1/verdicts")
        ? List.of(HttpMethod.DELETE)
        : List.of(HttpMethod.GET);
  }

  private static boolean isGrpc(String endpoint) {
    return endpoint.startsWith("/") && endpoint.indexOf('.') > 0;
  }
}

package dev.mekiki.query;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.auth.AuthToken;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.query.ApiDocument.Operation;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.server.ClientAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Requests that provoke each success and each error of the API: to a whole service with tokens,
/// and to one without any whose broker is gone.
final class ApiCalls implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String ALL = "all";
  private static final String LIMITED = "limited";

  /// In place of a token: a page of another site, which a service without tokens refuses.
  private static final String ELSEWHERE = "elsewhere";

  private final WholeService whole;
  private final QueryService stranded;
  private final WebClient client;
  private final WebClient strandedClient;
  private final byte[] picture;
  private int next;

  /// What an operation is called with.
  ///
  /// @param path with parameters
  /// @param body null where there is none
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Call(String path, @Nullable MediaType type, byte @Nullable [] body) {
    static Call of(String path) {
      return new Call(path, null, null);
    }

    static Call json(String path, String json) {
      return new Call(path, MediaType.JSON, json.getBytes(StandardCharsets.UTF_8));
    }
  }

  ApiCalls(Path directory) throws Exception {
    TestTokens tokens =
        new TestTokens()
            .add(ALL, ", \"requestsPerSecond\": 1000000", "read", "write", "review", "operate")
            .add(LIMITED, ", \"requestsPerSecond\": 1", "read", "write", "review", "operate")
            .add("reader", ", \"requestsPerSecond\": 1000000", "read")
            .add("writer", ", \"requestsPerSecond\": 1000000", "write")
            .add(
                "shop",
                ", \"tenant\": \"shop\", \"requestsPerSecond\": 1000000",
                "read",
                "write",
                "review",
                "operate");
    Path service = Files.writeString(directory.resolve("token"), TestTokens.token("service"));
    Map<String, String> keys =
        Map.of(
            "mekiki.server.token-file", service.toString(),
            "mekiki.server.tokens-file", tokens.write(directory.resolve("tokens.json")).toString());
    whole = new WholeService(directory, ClientAccess.NONE, keys, Map.of("mekiki.groups", "on"));
    client = WebClient.of(whole.query.url());
    EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("stranded")));
    stranded =
        QueryService.start(
            Configuration.of(
                QueryConfig.class,
                Map.of(
                    "mekiki.kafka.bootstrap-servers", broker.bootstrapServers(),
                    "mekiki.query.port", "0",
                    "mekiki.query.encoder-addresses", "127.0.0.1:1",
                    "mekiki.query.index-addresses", "127.0.0.1:1",
                    "mekiki.query.encode-timeout", "500ms",
                    "mekiki.query.send-timeout", "500ms")));
    strandedClient = WebClient.of(stranded.url());
    broker.close();
    picture = Pictures.jpeg(1, 0.9f);
    for (String id : List.of("one", "two")) {
      put(id, picture);
    }
    put("other", Pictures.jpeg(2, 0.9f));
    for (String path :
        List.of("/v1/images/other", "/v1/images/one/group", "/v1/images/two/group")) {
      await().atMost(LIMIT).until(() -> send(HttpMethod.GET, path).status().equals(HttpStatus.OK));
    }
  }

  private void put(String id, byte[] image) {
    AggregatedHttpResponse answer =
        execute(client, ALL, HttpMethod.PUT, new Call("/v1/images/" + id, MediaType.JPEG, image));
    if (!answer.status().equals(HttpStatus.OK)) {
      throw new AssertionError(answer.contentUtf8());
    }
  }

  /// Without a token.
  AggregatedHttpResponse open(String path) {
    return client.get(path).aggregate().join();
  }

  AggregatedHttpResponse open(String path, Map<String, String> headers) {
    return get(RequestHeaders.builder(HttpMethod.GET, path), headers);
  }

  /// With a token that may do everything.
  AggregatedHttpResponse sendWith(String path, Map<String, String> headers) {
    return get(RequestHeaders.builder(HttpMethod.GET, path).set(token(ALL)), headers);
  }

  /// With a token that is bound to a tenant without images.
  AggregatedHttpResponse asTenant(String path, Map<String, String> headers) {
    return get(RequestHeaders.builder(HttpMethod.GET, path).set(token("shop")), headers);
  }

  private AggregatedHttpResponse get(RequestHeadersBuilder request, Map<String, String> headers) {
    headers.forEach(request::set);
    return client.execute(request.build()).aggregate().join();
  }

  private static HttpHeaders token(String name) {
    return HttpHeaders.of(
        "authorization", AuthToken.ofOAuth2(TestTokens.token(name)).asHeaderValue());
  }

  /// With a token that may do everything.
  AggregatedHttpResponse send(HttpMethod method, String path) {
    return execute(client, ALL, method, Call.of(path));
  }

  /// The answers to each form that an operation has.
  List<AggregatedHttpResponse> successes(Operation operation) throws Exception {
    List<AggregatedHttpResponse> answers = new ArrayList<>();
    for (Call call : goodCalls(operation)) {
      answers.add(execute(client, ALL, operation.method(), call));
    }
    return answers;
  }

  /// What an operation answers where it should fail so.
  AggregatedHttpResponse error(Operation operation, int status) throws Exception {
    Call good = goodCalls(operation).getFirst();
    HttpMethod method = operation.method();
    return switch (status) {
      case 400 -> execute(client, ALL, method, bad(operation, good));
      case 401 -> execute(client, null, method, good);
      case 403 -> execute(client, withoutRole(operation), method, good);
      case 404 -> unknown(operation);
      case 409 -> {
        execute(client, ALL, method, good);
        yield execute(client, ALL, method, good);
      }
      case 413 ->
          execute(
              client,
              ALL,
              method,
              new Call(
                  good.path(), MediaType.OCTET_STREAM, new byte[3 * WholeService.MAX_IMAGE_BYTES]));
      case 429 -> {
        execute(client, LIMITED, method, good);
        yield execute(client, LIMITED, method, good);
      }
      case 503 -> execute(strandedClient, null, method, good);
      default -> throw new AssertionError(operation.name() + ": nothing provokes " + status);
    };
  }

  /// Whether {@link #error} sends a token whose requests are counted.
  boolean isCounted(Operation operation, int status) {
    return status != 401
        && status != 503
        && !(status == 403 && withoutRole(operation).equals(ELSEWHERE));
  }

  /// The answers to each form of an operation with a parameter that there is not.
  List<AggregatedHttpResponse> unknownParameter(Operation operation) throws Exception {
    List<AggregatedHttpResponse> answers = new ArrayList<>();
    for (Call call : goodCalls(operation)) {
      if (call.type() == null || !call.type().isJson()) {
        answers.add(execute(client, ALL, operation.method(), with(call, "zzz=1")));
      }
    }
    if (answers.isEmpty()) {
      // Every parameter is refused beside JSON.
      Call call = goodCalls(operation).getFirst();
      AggregatedHttpResponse answer = execute(client, ALL, operation.method(), with(call, "zzz=1"));
      answers.add(
          AggregatedHttpResponse.of(
              answer.status(),
              MediaType.JSON,
              answer
                  .contentUtf8()
                  .replaceFirst(
                      "zzz: a parameter beside a JSON body",
                      "unknown parameter (expected: none)")));
    }
    return answers;
  }

  private static Call with(Call call, String parameter) {
    return new Call(
        call.path() + (call.path().contains("?") ? "&" : "?") + parameter,
        call.type(),
        call.body());
  }

  private static Call bad(Operation operation, Call good) {
    return operation.hasBody()
        ? new Call(good.path(), MediaType.JSON, new byte[0])
        : with(good, "zzz=1");
  }

  private AggregatedHttpResponse execute(
      WebClient at, @Nullable String token, HttpMethod method, Call call) {
    boolean isFromElsewhere = ELSEWHERE.equals(token);
    RequestHeadersBuilder headers = RequestHeaders.builder(method, call.path());
    if (isFromElsewhere) {
      headers.set("origin", "http://elsewhere.example");
    } else if (token != null) {
      headers.set(token(token));
    }
    if (call.path().startsWith("/v1/matches") && !call.path().contains("fromBeginning")) {
      headers.accept(MediaType.JSON);
    }
    MediaType type = call.type();
    if (type != null) {
      headers.contentType(type);
    }
    byte[] body = call.body();
    WebClient where = isFromElsewhere ? strandedClient : at;
    return where
        .execute(
            body == null
                ? HttpRequest.of(headers.build())
                : HttpRequest.of(headers.build(), HttpData.wrap(body)))
        .aggregate()
        .join();
  }

  /// Whose role is another one.
  private static String withoutRole(Operation operation) {
    String role = operation.node().path("security").path(0).path("bearer").path(0).asText("");
    return role.isEmpty() ? ELSEWHERE : role.equals("read") ? "writer" : "reader";
  }

  /// What is not there, or what a tenant does not see.
  private AggregatedHttpResponse unknown(Operation operation) {
    HttpMethod method = operation.method();
    return switch (operation.name()) {
      case "GET /v1/rematch", "DELETE /v1/rematch" ->
          execute(client, "shop", method, Call.of(operation.path()));
      case "POST /v1/search" ->
          execute(client, ALL, method, Call.json("/v1/search", "{\"id\":\"none\"}"));
      case "GET /v1/compare" -> execute(client, ALL, method, Call.of("/v1/compare?a=one&b=none"));
      case "POST /v1/compare" ->
          execute(client, ALL, method, Call.json("/v1/compare", "{\"a\":\"one\",\"b\":\"none\"}"));
      case "PUT /v1/verdicts" ->
          execute(
              client,
              ALL,
              method,
              Call.json(
                  "/v1/verdicts", "{\"a\":\"one\",\"b\":\"none\",\"decision\":\"CONFIRMED\"}"));
      case "DELETE /v1/verdicts/{id}", "DELETE /v1/verdicts" ->
          execute(
              client,
              ALL,
              method,
              Call.of(
                  operation.path().contains("{")
                      ? "/v1/verdicts/" + "0".repeat(64) + "-" + "1".repeat(64)
                      : "/v1/verdicts?id=" + "0".repeat(64) + "-" + "1".repeat(64)));
      case "GET /v1/groups/{id}" ->
          execute(client, ALL, method, Call.of("/v1/groups/" + "0".repeat(64)));
      case "DELETE /v1/mutes/{id}" -> execute(client, ALL, method, Call.of("/v1/mutes/image/none"));
      case "DELETE /v1/mutes" -> execute(client, ALL, method, Call.of("/v1/mutes?id=image/none"));
      default ->
          execute(
              client,
              ALL,
              method,
              Call.of(
                  operation.path().contains("{")
                      ? operation.path().replaceAll("\\{\\w+}", "none")
                      : operation.path() + "?id=none"));
    };
  }

  /// Each form in which an operation is called, with what it needs made before.
  private List<Call> goodCalls(Operation operation) throws Exception {
    String path = operation.path();
    return switch (operation.name()) {
      case "POST /v1/search" ->
          List.of(
              new Call(path + "?k=2", MediaType.JPEG, picture),
              Call.json(path, "{\"id\":\"one\",\"k\":2}"));
      case "POST /v1/batch/search" ->
          List.of(
              Call.json(
                  path,
                  "{\"searches\":[{\"id\":\"one\",\"k\":2},{\"id\":\"none\"},{\"image\":\"%s\"}]}"
                      .formatted(base64(picture))));
      case "POST /v1/batch/images" ->
          List.of(
              Call.json(
                  path,
                  "{\"images\":[{\"id\":\"new/%d\",\"image\":\"%s\"},{\"id\":\"empty\"}]}"
                      .formatted(next++, base64(picture))));
      case "GET /v1/compare" -> List.of(Call.of(path + "?a=one&b=two"));
      case "POST /v1/compare" ->
          List.of(
              new Call(path + "?b=two", MediaType.JPEG, picture),
              Call.json(path, "{\"a\":\"one\",\"b\":\"other\"}"));
      case "PUT /v1/images/{id}", "POST /v1/images/{id}" ->
          List.of(
              new Call("/v1/images/new/%d?metadata.a=b".formatted(next++), MediaType.JPEG, picture),
              Call.json("/v1/images/new/%d".formatted(next++), imageJson()));
      case "PUT /v1/images", "POST /v1/images" ->
          List.of(
              new Call("/v1/images?id=new/%d".formatted(next++), MediaType.JPEG, picture),
              Call.json("/v1/images?id=new/%d".formatted(next++), imageJson()));
      case "DELETE /v1/images/{id}" -> List.of(Call.of("/v1/images/nobody"));
      case "DELETE /v1/images" -> List.of(Call.of("/v1/images?id=nobody"));
      case "GET /v1/matches" ->
          List.of(
              Call.of(path + "?limit=1"), Call.of(path + "?fromBeginning=true&endAtPresent=true"));
      case "POST /v1/mutes" ->
          List.of(
              new Call(path + "?reason=a", MediaType.JPEG, Pictures.jpeg(9, 0.9f)),
              Call.json(path, "{\"imageId\":\"muted\"}"));
      case "DELETE /v1/mutes/{id}" -> List.of(Call.of("/v1/mutes/" + muted()));
      case "DELETE /v1/mutes" -> List.of(Call.of("/v1/mutes?id=" + muted()));
      case "PUT /v1/verdicts" ->
          List.of(Call.json(path, "{\"a\":\"one\",\"b\":\"other\",\"decision\":\"CONFIRMED\"}"));
      case "DELETE /v1/verdicts/{id}" -> List.of(Call.of("/v1/verdicts/" + verdict()));
      case "DELETE /v1/verdicts" -> List.of(Call.of("/v1/verdicts?id=" + verdict()));
      case "PUT /v1/tenants" ->
          List.of(Call.json(path, "{\"tenant\":\"shop\",\"fingerprintRadius\":3}"));
      case "POST /v1/rematch" -> {
        execute(client, ALL, HttpMethod.DELETE, Call.of(path));
        await()
            .atMost(LIMIT)
            .until(() ->
                execute(client, ALL, HttpMethod.DELETE, Call.of(path))
                    .status()
                    .equals(HttpStatus.NOT_FOUND));
        yield List.of(Call.json(path, "{\"rate\":1}"));
      }
      case "GET /v1/rematch", "DELETE /v1/rematch" -> {
        execute(client, ALL, HttpMethod.POST, Call.json(path, "{\"rate\":1}"));
        yield List.of(Call.of(path));
      }
      case "GET /v1/groups/{id}" -> List.of(Call.of("/v1/groups/" + group()));
      case "GET /v1/images" ->
          List.of(Call.of(path + "?id=one"), Call.of(path + "?limit=2&since=2020-01-01T00:00:00Z"));
      case "GET /v1/groups/of", "GET /v1/thumbnails" -> List.of(Call.of(path + "?id=one"));
      default -> List.of(Call.of(path.replaceAll("\\{\\w+}", "one")));
    };
  }

  private String imageJson() {
    return "{\"image\":\"%s\"}".formatted(base64(picture));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private String muted() throws IOException {
    return field(
        execute(
            client,
            ALL,
            HttpMethod.POST,
            Call.json("/v1/mutes", "{\"imageId\":\"muted/%d\"}".formatted(next++))),
        "/id");
  }

  private String verdict() throws IOException {
    return field(
        execute(
            client,
            ALL,
            HttpMethod.PUT,
            Call.json(
                "/v1/verdicts", "{\"a\":\"one\",\"b\":\"other\",\"decision\":\"CONFIRMED\"}")),
        "/id");
  }

  private String group() throws IOException {
    return field(send(HttpMethod.GET, "/v1/images/one/group"), "/group/id");
  }

  private static String field(AggregatedHttpResponse answer, String pointer) throws IOException {
    return new ObjectMapper().readTree(answer.contentUtf8()).at(pointer).asText();
  }

  @Override
  public void close() {
    stranded.close();
    whole.close();
  }
}

package dev.mekiki.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.EncoderGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A real server that asks for a token, over HTTP and gRPC.
class TokenCheckTest {
  private static final String RIGHT = "Bearer 0123456789abcdef";
  private static final String SHOP = "token-of-the-shop";
  private static final String ARCHIVE = "token-of-the-archive";
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String WRONG = "Bearer 0123456789abcdee";

  @TempDir private Path directory;

  private Map<String, String> keys = Map.of();
  private ServiceServer server;
  private WebClient client;

  @BeforeEach
  void start() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
    keys = Map.of("mekiki.server.token-file", token.toString());
    server = start(TestAccess.of(keys));
    client = WebClient.of(server.url());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/livez", "/readyz", "/open/file"})
  void healthAndWhatIsOpenNeedNoToken(String path) {
    assertThat(client.blocking().get(path).status()).isEqualTo(HttpStatus.OK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/hello", "//hello", "/mekiki.v1.Encoder/Encode"})
  void everythingElseIsRefusedWithoutIt(String path) {
    AggregatedHttpResponse response = client.blocking().get(path);

    assertThat(response.status()).isEqualTo(HttpStatus.UNAUTHORIZED);
    assertThat(response.headers().get("www-authenticate")).isEqualTo("Bearer");
    assertThat(response.contentType()).isEqualTo(MediaType.parse("application/problem+json"));
    assertThat(response.contentUtf8())
        .isEqualTo(
            """
            {"type":"about:blank","title":"Unauthorized","status":401,\
            "detail":"authorization: no token came with the request (expected: the header \
            'Authorization: Bearer TOKEN')","instance":"%s","code":"UNAUTHENTICATED"}\
            """
                .formatted(path.replace("//", "/")));
  }

  @Test
  void aWrongTokenIsRefusedAndTheRightOnePasses() {
    AggregatedHttpResponse wrong = get("/hello", WRONG);
    assertThat(wrong.status()).isEqualTo(HttpStatus.UNAUTHORIZED);
    assertThat(wrong.contentUtf8())
        .contains("does not name a token of this service")
        .doesNotContain("0123456789");

    assertThat(get("/hello", RIGHT).contentUtf8()).isEqualTo("hello");
    assertThat(get("/metrics", RIGHT).contentUtf8()).contains("jvm_memory_used_bytes");
  }

  @Test
  void tokensOfTheFileTellWhoCallsAndAreReadAgain() throws IOException {
    Path file = directory.resolve("tokens.json");
    TestTokens.write(file, TestTokens.entry("shop-1", SHOP, "read", ", \"tenant\": \"shop\""));
    try (ServiceServer tenants = start(TestAccess.of(with(file)))) {
      WebClient any = WebClient.of(tenants.url());
      assertThat(get(any, "/caller", "Bearer " + SHOP).contentUtf8()).isEqualTo("shop-1 shop");
      assertThat(get(any, "/caller", RIGHT).contentUtf8()).isEqualTo("service null");
      assertThat(get(any, "/caller", WRONG).status()).isEqualTo(HttpStatus.UNAUTHORIZED);

      TestTokens.write(file, TestTokens.entry("archive-1", ARCHIVE, "read", ""));
      await()
          .atMost(LIMIT)
          .until(() ->
              get(any, "/caller", "Bearer " + ARCHIVE).contentUtf8().equals("archive-1 null"));
      assertThat(get(any, "/caller", "Bearer " + SHOP).status()).isEqualTo(HttpStatus.UNAUTHORIZED);
      assertThat(get(any, "/metrics", RIGHT).contentUtf8())
          .contains("mekiki_server_tokens{service=\"sample\"} 1.0", stale(0));

      Files.writeString(file, "no JSON");
      await()
          .atMost(LIMIT)
          .until(() -> get(any, "/metrics", RIGHT).contentUtf8().contains(stale(1)));
      assertThat(get(any, "/caller", "Bearer " + ARCHIVE).status()).isEqualTo(HttpStatus.OK);
      assertThat(get(any, "/livez", RIGHT).status()).isEqualTo(HttpStatus.OK);
    }
  }

  @Test
  void eachEndpointNeedsItsRole() throws IOException {
    Path file =
        TestTokens.write(
            directory.resolve("tokens.json"),
            TestTokens.entry("reader", "token-of-a-reader", "read", ""),
            TestTokens.entry("operator", "token-of-the-operator", "operate", ""),
            TestTokens.entry("peer", "token-of-another-peer", "service", ""),
            TestTokens.entry("shop", SHOP, "operate", ", \"tenant\": \"shop\""));
    try (ServiceServer all = start(TestAccess.of(with(file)))) {
      WebClient any = WebClient.of(all.url());
      String operator = "Bearer token-of-the-operator";
      assertThat(get(any, "/caller", "Bearer token-of-a-reader").status()).isEqualTo(HttpStatus.OK);
      assertThat(get(any, "/caller", operator).status()).isEqualTo(HttpStatus.OK);
      assertThat(get(any, "/hello", "Bearer token-of-a-reader").status()).isEqualTo(HttpStatus.OK);
      AggregatedHttpResponse refusal = get(any, "/hello", operator);
      assertThat(refusal.status()).isEqualTo(HttpStatus.FORBIDDEN);
      assertThat(refusal.contentType()).isEqualTo(MediaType.parse("application/problem+json"));
      assertThat(refusal.contentUtf8())
          .contains(
              "PERMISSION_DENIED", "'operator' has not the role 'read' that GET /hello needs");
      assertThat(get(any, "/metrics", operator).status()).isEqualTo(HttpStatus.OK);
      assertThat(get(any, "/nothing", operator).status()).isEqualTo(HttpStatus.NOT_FOUND);
      // They count what all tenants do.
      AggregatedHttpResponse metrics = get(any, "/metrics", "Bearer " + SHOP);
      assertThat(metrics.status()).isEqualTo(HttpStatus.FORBIDDEN);
      assertThat(metrics.contentUtf8()).contains("expected: a token that is bound to no tenant");

      assertThat(encode(user("token-of-another-peer"), all.address()).getNetwork())
          .isEqualTo("here");
      assertThatThrownBy(() -> encode(user("token-of-a-reader"), all.address()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
                assertThat(e.getStatus().getDescription()).contains("the role 'service'");
              });
    }
  }

  @Test
  void aTokenThatSendsTooMuchIsRefusedForAWhile() throws IOException {
    String slow = ", \"requestsPerSecond\": 2";
    Path file =
        TestTokens.write(
            directory.resolve("tokens.json"),
            TestTokens.entry("slow", "token-of-a-reader", "read", slow),
            TestTokens.entry("usual", ARCHIVE, "read", ""),
            TestTokens.entry("peer", "token-of-another-peer", "service", slow));
    Map<String, String> limited = new HashMap<>(with(file));
    limited.put("mekiki.server.requests-per-second", "1000");
    try (ServiceServer all = start(TestAccess.of(limited))) {
      WebClient any = WebClient.of(all.url());
      AggregatedHttpResponse first = get(any, "/hello", "Bearer token-of-a-reader");
      assertThat(first.status()).isEqualTo(HttpStatus.OK);
      assertThat(first.headers().get("ratelimit-limit")).isEqualTo("2");
      assertThat(first.headers().get("ratelimit-remaining")).isEqualTo("1");
      assertThat(first.headers().get("ratelimit-reset")).isEqualTo("1");
      AggregatedHttpResponse refused = first;
      for (int i = 0; i < 1_000 && refused.status().equals(HttpStatus.OK); i++) {
        refused = get(any, "/hello", "Bearer token-of-a-reader");
      }
      assertThat(refused.status()).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
      assertThat(refused.headers().get("retry-after")).isEqualTo("1");
      assertThat(refused.headers().get("ratelimit-remaining")).isEqualTo("0");
      assertThat(refused.contentType()).isEqualTo(MediaType.parse("application/problem+json"));
      assertThat(refused.contentUtf8())
          .contains("RESOURCE_EXHAUSTED", "the token 'slow'", "at most 2 a second");
      // The others are not touched.
      assertThat(get(any, "/hello", "Bearer " + ARCHIVE).headers().get("ratelimit-limit"))
          .isEqualTo("1000");
      assertThat(get(any, "/hello", RIGHT).headers().contains("ratelimit-limit")).isFalse();
      assertThat(get(any, "/metrics", RIGHT).contentUtf8())
          .contains("mekiki_server_throttled_total{service=\"sample\"} ")
          .doesNotContain("mekiki_server_throttled_total{service=\"sample\"} 0.0");

      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  encode(user("token-of-another-peer"), all.address());
                }
              })
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(e.getStatus().getDescription()).contains("the token 'peer'");
              });
      await()
          .atMost(LIMIT)
          .until(
              () -> get(any, "/hello", "Bearer token-of-a-reader").status().equals(HttpStatus.OK));
    }
  }

  @Test
  void readingAgainGivesNothingBack() throws IOException {
    Path file = directory.resolve("tokens.json");
    String once = ", \"requestsPerSecond\": 1";
    TestTokens.write(file, TestTokens.entry("slow", SHOP, "read", once));
    Tokens tokens = Tokens.open(file, null);
    Tokens.Known before = Objects.requireNonNull(tokens.find("Bearer " + SHOP));
    tokens.readAgain();
    assertThat(Objects.requireNonNull(tokens.find("Bearer " + SHOP)).limit())
        .isSameAs(before.limit());
  }

  private static String stale(int value) {
    return "mekiki_server_tokens_stale{service=\"sample\"} %d.0".formatted(value);
  }

  private Map<String, String> with(Path tokens) {
    Map<String, String> with = new HashMap<>(keys);
    with.put("mekiki.server.tokens-file", tokens.toString());
    return with;
  }

  private ClientAccess user(String token) throws IOException {
    Path file = Files.writeString(directory.resolve("token-of-a-user"), token);
    return ClientAccess.ofUser(Optional.of(file), Optional.empty());
  }

  @Test
  void aLargeBodyIsNotReadBeforeTheRefusal() {
    AggregatedHttpResponse response =
        client
            .execute(
                HttpRequest.of(
                    RequestHeaders.of(HttpMethod.POST, "/hello"), HttpData.wrap(new byte[8 << 20])))
            .aggregate()
            .join();

    assertThat(response.status()).isEqualTo(HttpStatus.UNAUTHORIZED);
  }

  @Test
  void grpcCallersGetAGrpcStatus() {
    assertThatThrownBy(() -> encode(ClientAccess.NONE))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
              assertThat(e.getStatus().getDescription()).contains("no token came");
            });

    assertThat(encode(TestAccess.toPeers(keys)).getNetwork()).isEqualTo("here");
  }

  @Test
  void withoutATokenEverythingIsOpen() {
    try (ServiceServer open = start(TestAccess.of(Map.of()))) {
      WebClient any = WebClient.of(open.url());
      assertThat(any.blocking().get("/hello").contentUtf8()).isEqualTo("hello");
      assertThat(any.blocking().get("/metrics").status()).isEqualTo(HttpStatus.OK);
    }
  }

  @Test
  void leaveToDoWithoutOpensEveryAddress() {
    Map<String, String> everywhere =
        Map.of("mekiki.sample.host", "0.0.0.0", "mekiki.server.insecure", "true");
    try (ServiceServer open = start(TestAccess.of(everywhere))) {
      String port = open.address().substring(open.address().lastIndexOf(':') + 1);
      WebClient any = WebClient.of("http://127.0.0.1:" + port);
      assertThat(any.blocking().get("/hello").contentUtf8()).isEqualTo("hello");
    }
  }

  private AggregatedHttpResponse get(String path, String authorization) {
    return get(client, path, authorization);
  }

  private static AggregatedHttpResponse get(WebClient client, String path, String authorization) {
    return client
        .blocking()
        .execute(RequestHeaders.of(HttpMethod.GET, path, "authorization", authorization));
  }

  private EncodeResponse encode(ClientAccess access) {
    return encode(access, server.address());
  }

  private static EncodeResponse encode(ClientAccess access, String address) {
    return access
        .grpc(address)
        .build(EncoderGrpc.EncoderBlockingStub.class)
        .encode(EncodeRequest.getDefaultInstance());
  }

  private static ServiceServer start(Access access) {
    return ServiceServer.start(
        access,
        ServiceMetrics.registry("sample"),
        () -> true,
        Permissions.builder()
            .needs(Role.READ, "/hello")
            .needs(Role.SERVICE, EncoderGrpc.getServiceDescriptor())
            .needsAny("/caller")
            .build(),
        builder ->
            builder
                .service("/hello", (context, request) -> HttpResponse.of("hello"))
                .service(
                    "/caller",
                    (context, request) ->
                        HttpResponse.of(
                            Caller.of(context).name() + " " + Caller.of(context).tenant()))
                .serviceUnder(
                    "/open", new OpenService((context, request) -> HttpResponse.of("open")))
                .service(
                    GrpcService.builder()
                        .addService(new Here())
                        .enableUnframedRequests(true)
                        .build()));
  }

  /// Answers anything.
  private static final class Here extends EncoderGrpc.EncoderImplBase {
    @Override
    public void encode(EncodeRequest request, StreamObserver<EncodeResponse> response) {
      response.onNext(EncodeResponse.newBuilder().setNetwork("here").build());
      response.onCompleted();
    }
  }
}

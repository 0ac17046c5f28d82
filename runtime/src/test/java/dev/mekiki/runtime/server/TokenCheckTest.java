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
            {"type":"about:blank","title":"UNAUTHENTICATED","status":401,\
            "detail":"authorization: no token came with the request (expected: the header \
            'Authorization: Bearer TOKEN')"}\
            """);
  }

  @Test
  void aWrongTokenIsRefusedAndTheRightOnePasses() {
    AggregatedHttpResponse wrong = get("/hello", WRONG);
    assertThat(wrong.status()).isEqualTo(HttpStatus.UNAUTHORIZED);
    assertThat(wrong.contentUtf8())
        .contains("does not name this service's token")
        .doesNotContain("0123456789");

    assertThat(get("/hello", RIGHT).contentUtf8()).isEqualTo("hello");
    assertThat(get("/metrics", RIGHT).contentUtf8()).contains("jvm_memory_used_bytes");
  }

  @Test
  void tenantsTokensTellWhoCallsAndAreReadAgain() throws IOException {
    Path tokens = Files.createDirectory(directory.resolve("tenants"));
    Files.writeString(tokens.resolve("shop"), SHOP);
    Map<String, String> with = new HashMap<>(keys);
    with.put("mekiki.server.tenant-tokens", tokens.toString());
    try (ServiceServer tenants = start(TestAccess.ofTenants(with))) {
      WebClient any = WebClient.of(tenants.url());
      assertThat(get(any, "/caller", "Bearer " + SHOP).contentUtf8()).isEqualTo("shop");
      assertThat(get(any, "/caller", RIGHT).contentUtf8()).isEqualTo("null");
      assertThat(get(any, "/caller", WRONG).status()).isEqualTo(HttpStatus.UNAUTHORIZED);
      // They count what all tenants do.
      AggregatedHttpResponse metrics = get(any, "/metrics", "Bearer " + SHOP);
      assertThat(metrics.status()).isEqualTo(HttpStatus.FORBIDDEN);
      assertThat(metrics.contentUtf8()).contains("PERMISSION_DENIED", "expected: the service's");
      assertThat(get(any, "/metrics", RIGHT).status()).isEqualTo(HttpStatus.OK);

      Files.writeString(tokens.resolve("archive"), "token-of-the-archive");
      Files.delete(tokens.resolve("shop"));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() ->
              get(any, "/caller", "Bearer token-of-the-archive").contentUtf8().equals("archive"));
      assertThat(get(any, "/caller", "Bearer " + SHOP).status()).isEqualTo(HttpStatus.UNAUTHORIZED);
    }
  }

  @Test
  void serviceThatTenantsDoNotCallRefusesTheirTokens() throws IOException {
    Path tokens = Files.createDirectory(directory.resolve("tenants"));
    Files.writeString(tokens.resolve("shop"), SHOP);
    Map<String, String> with = new HashMap<>(keys);
    with.put("mekiki.server.tenant-tokens", tokens.toString());
    try (ServiceServer internal = start(TestAccess.of(with))) {
      WebClient any = WebClient.of(internal.url());
      assertThat(get(any, "/caller", "Bearer " + SHOP).status()).isEqualTo(HttpStatus.UNAUTHORIZED);
      assertThat(get(any, "/caller", RIGHT).status()).isEqualTo(HttpStatus.OK);
    }
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
    return access
        .grpc(server.address())
        .build(EncoderGrpc.EncoderBlockingStub.class)
        .encode(EncodeRequest.getDefaultInstance());
  }

  private static ServiceServer start(Access access) {
    return ServiceServer.start(
        access,
        ServiceMetrics.registry("sample"),
        () -> true,
        builder ->
            builder
                .service("/hello", (context, request) -> HttpResponse.of("hello"))
                .service(
                    "/caller",
                    (context, request) ->
                        HttpResponse.of(String.valueOf(Caller.of(context).tenant())))
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

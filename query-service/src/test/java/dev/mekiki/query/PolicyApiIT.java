package dev.mekiki.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.mekiki.schemas.v1.CompareRequest;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.ListMutesRequest;
import dev.mekiki.schemas.v1.ListMutesResponse;
import dev.mekiki.schemas.v1.ListTenantsResponse;
import dev.mekiki.schemas.v1.ListVerdictsResponse;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.Obstacle;
import dev.mekiki.schemas.v1.PolicyGrpc;
import dev.mekiki.schemas.v1.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mutes, verdicts and thresholds over HTTP and gRPC, with everything real behind them.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PolicyApiIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private static Path directory;
  private static WholeService service;
  private static PolicyGrpc.PolicyBlockingStub grpc;

  @BeforeAll
  static void start() throws Exception {
    service = new WholeService(directory);
    grpc =
        GrpcClients.newClient(
            "gproto+http://" + service.query.address(), PolicyGrpc.PolicyBlockingStub.class);
    service.put("a.jpg", Pictures.jpeg(1, 0.9f));
    service.put("b.jpg", Pictures.jpeg(1, 0.5f));
    for (String id : new String[] {"a.jpg", "b.jpg"}) {
      await().atMost(LIMIT).until(() -> service.get("/v1/images/" + id).status().isSuccess());
    }
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  @Order(1)
  void pictureIsMutedAsABodyAndRemoved() throws Exception {
    Mute mute =
        read(
            service.send(
                HttpMethod.POST,
                "/v1/mutes?reason=placeholder&author=ann&radius=20",
                MediaType.JPEG,
                Pictures.jpeg(1, 0.9f)),
            Mute.getDefaultInstance());
    assertThat(mute.getFingerprint().getRadius()).isEqualTo(20);
    assertThat(mute.getReason()).isEqualTo("placeholder");
    assertThat(obstacles()).containsExactly(Obstacle.Kind.MUTE_LIST, Obstacle.Kind.MUTE_LIST);
    assertThat(
            read(service.get("/v1/mutes"), ListMutesResponse.getDefaultInstance()).getMutesList())
        .containsExactly(mute);
    assertThat(grpc.listMutes(ListMutesRequest.getDefaultInstance()).getMutesList())
        .containsExactly(mute);

    assertThat(read(service.http.delete("/v1/mutes/" + mute.getId()), Mute.getDefaultInstance()))
        .isEqualTo(mute);
    assertThat(obstacles()).isEmpty();
    Mute byGrpc = grpc.createMute(CreateMuteRequest.newBuilder().setImageId("a.jpg").build());
    assertThat(obstacles()).containsExactly(Obstacle.Kind.MUTE_LIST);
    assertThat(service.http.delete("/v1/mutes?id=" + TestHttp.encoded(byGrpc.getId())).status())
        .isEqualTo(HttpStatus.OK);
  }

  @Test
  @Order(2)
  void verdictIsTakenListedAndWithdrawn() throws Exception {
    Verdict verdict =
        read(
            put(
                "/v1/verdicts",
                "{\"a\": \"a.jpg\", \"b\": \"b.jpg\", \"decision\": \"DISMISSED\"}"),
            Verdict.getDefaultInstance());
    assertThat(obstacles()).containsExactly(Obstacle.Kind.DISMISSED);
    assertThat(
            read(service.get("/v1/verdicts?limit=5"), ListVerdictsResponse.getDefaultInstance())
                .getVerdictsList())
        .containsExactly(verdict);
    assertThat(
            read(service.http.delete("/v1/verdicts?a=b.jpg&b=a.jpg"), Verdict.getDefaultInstance()))
        .isEqualTo(verdict);
    assertThat(obstacles()).isEmpty();
    put("/v1/verdicts", "{\"a\": \"a.jpg\", \"b\": \"b.jpg\", \"decision\": \"CONFIRMED\"}");
    assertThat(obstacles()).isEmpty();
    assertThat(service.http.delete("/v1/verdicts/" + verdict.getId()).status())
        .isEqualTo(HttpStatus.OK);
  }

  @Test
  @Order(3)
  void thresholdOfATenantIsSet() throws Exception {
    assertThat(put("/v1/tenants", "{\"tenant\": \"\", \"fingerprintRadius\": 0}").status())
        .isEqualTo(HttpStatus.OK);
    assertThat(
            read(service.get("/v1/tenants"), ListTenantsResponse.getDefaultInstance())
                .getTenantsList())
        .singleElement()
        .satisfies(tenant -> assertThat(tenant.getFingerprintRadius()).isZero());
    assertThat(put("/v1/tenants", "{\"tenant\": \"\"}").status()).isEqualTo(HttpStatus.OK);
  }

  @Test
  @Order(4)
  void decisionsSurviveARestart() throws Exception {
    grpc.createMute(
        CreateMuteRequest.newBuilder()
            .setImage(ByteString.copyFrom(Pictures.jpeg(2, 0.9f)))
            .build());
    service.restartQuery();
    assertThat(
            read(service.get("/v1/mutes"), ListMutesResponse.getDefaultInstance()).getMutesList())
        .hasSize(1);
  }

  @ParameterizedTest
  @Order(5)
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          POST | /v1/mutes | {} | 400 | mute: of nothing
          POST | /v1/mutes | {"imageId": "x", "why": "y"} | 400 | why: unknown field
          POST | /v1/mutes | {"fingerprint": {"radius": 256}} | 400 | mutes every picture
          POST | /v1/mutes | {"fingerprint": {"rod": 1}} | 400 | rod: unknown field
          POST | /v1/mutes | {"fingerprint": {"radius": "1LONG"}} | 400 | radius: 60001 characters
          POST | /v1/mutes | {"imageId": "x", "fingerprint": {}} | 400 | fingerprint
          POST | /v1/mutes | {"image": "bm8gcGljdHVyZQ=="} | 400 | image
          POST | /v1/mutes?force=1 | {"imageId": "x"} | 400 | force: a parameter beside a JSON body
          DELETE | /v1/mutes/image/x | | 404 | 'image/x' is no mute
          DELETE | /v1/mutes | | 400 | id: none
          DELETE | /v1/mutes/ | | 400 | id: none (expected: /v1/mutes/ID)
          PUT | /v1/mutes | {} | 405 | method: PUT /v1/mutes (expected: GET, POST, DELETE)
          PUT | /v1/verdicts | {"a": "a.jpg", "b": "no", "decision": "DISMISSED"} | 404 | 'no' is not indexed
          PUT | /v1/verdicts | {"a": "a.jpg", "b": "b.jpg"} | 400 | decision: none
          PUT | /v1/verdicts | {"a": "a.jpg", "b": "b.jpg", "decision": "MAYBE"} | 400 | decision
          PUT | /v1/verdicts | {"a": "", "b": "b.jpg", "decision": "DISMISSED"} | 400 | image id: 0 bytes
          GET | /v1/verdicts?limit=1001 | | 400 | limit: 1001 (expected: 1..1000)
          GET | /v1/verdicts?cursor=x | | 400 | cursor: 'x'
          GET | /v1/verdicts?page=1 | | 400 | page: unknown parameter
          DELETE | /v1/verdicts?a=a.jpg&b=b.jpg | | 404 | nobody has judged this pair
          DELETE | /v1/verdicts/x | | 400 | expected: two SHA-256
          PUT | /v1/tenants | {"tenant": "x", "fingerprintRadius": 99} | 400 | expected: 0..31
          """)
  void errorNamesWhatIsWrong(String method, String path, String body, int status, String message)
      throws Exception {
    AggregatedHttpResponse response =
        body == null
            ? service.http.execute(HttpRequest.of(HttpMethod.valueOf(method), path))
            : service.send(
                HttpMethod.valueOf(method),
                path,
                MediaType.JSON,
                body.replace("LONG", "0".repeat(60_000)).getBytes(UTF_8));
    assertThat(response.status().code()).as(response.contentUtf8()).isEqualTo(status);
    assertThat(response.contentType()).isEqualTo(MediaType.parse("application/problem+json"));
    assertThat(response.contentUtf8().replace("\\u0027", "'")).contains(message);
  }

  @Test
  @Order(6)
  void pictureIsNoBodyOfAVerdict() throws Exception {
    AggregatedHttpResponse response =
        service.send(HttpMethod.PUT, "/v1/verdicts", MediaType.JPEG, Pictures.jpeg(1, 0.9f));
    assertThat(response.status()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(response.contentUtf8()).contains("body: an image (expected: a JSON object)");
  }

  @Test
  @Order(7)
  void outageOfTheBrokerIsSaidInTime() {
    service.broker.close();
    try {
      long start = System.nanoTime();
      AggregatedHttpResponse response =
          new TestHttp(WebClient.builder(service.query.url()).responseTimeout(LIMIT).build())
              .send(
                  HttpMethod.POST,
                  "/v1/mutes",
                  MediaType.JSON,
                  "{\"imageId\": \"x\"}".getBytes(UTF_8));
      assertThat(response.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
      assertThat(response.contentUtf8()).contains("the broker did not acknowledge within");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(40));
      assertThat(service.get("/v1/mutes").status()).isEqualTo(HttpStatus.OK);
    } finally {
      service.restartBroker();
    }
  }

  private static List<Obstacle.Kind> obstacles() {
    return service
        .grpc
        .compare(CompareRequest.newBuilder().setA("a.jpg").setB("b.jpg").build())
        .getObstaclesList()
        .stream()
        .map(Obstacle::getKind)
        .toList();
  }

  private static AggregatedHttpResponse put(String path, String json) {
    return service.send(HttpMethod.PUT, path, MediaType.JSON, json.getBytes(UTF_8));
  }

  @SuppressWarnings("unchecked") // A builder builds its own type.
  private static <T extends Message> T read(AggregatedHttpResponse response, T prototype)
      throws Exception {
    assertThat(response.status()).as(response.contentUtf8()).isEqualTo(HttpStatus.OK);
    Message.Builder builder = prototype.newBuilderForType();
    JsonFormat.parser().merge(response.contentUtf8(), builder);
    return (T) builder.build();
  }
}

package dev.mekiki.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.CancelRematchRequest;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DeleteImageRequest;
import dev.mekiki.schemas.v1.DeleteMuteRequest;
import dev.mekiki.schemas.v1.DeleteVerdictRequest;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.PolicyGrpc;
import dev.mekiki.schemas.v1.StartRematchRequest;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each kind of change leaves a line that says who asked for it, over HTTP and gRPC.
class AuditIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path directory;

  private static WholeService service;
  private static TestHttp http;
  private static PolicyGrpc.PolicyBlockingStub policy;
  private static MekikiGrpc.MekikiBlockingStub images;

  @BeforeAll
  static void start() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), TestTokens.token("service"));
    ClientAccess owner = ClientAccess.ofUser(Optional.of(token), Optional.empty());
    Path tokens =
        new TestTokens()
            .with("ann", "read", "write", "review", "operate")
            .write(directory.resolve("tokens.json"));
    service =
        new WholeService(
            directory,
            owner,
            Map.of(
                "mekiki.server.token-file",
                token.toString(),
                "mekiki.server.tokens-file",
                tokens.toString()));
    http =
        new TestHttp(
            WebClient.builder(service.query.url())
                .setHeader("authorization", "Bearer " + TestTokens.token("ann"))
                .build());
    policy = owner.grpc(service.query.address()).build(PolicyGrpc.PolicyBlockingStub.class);
    images = owner.grpc(service.query.address()).build(MekikiGrpc.MekikiBlockingStub.class);
    for (String id : new String[] {"a.jpg", "b.jpg"}) {
      http.put(id, Pictures.jpeg(1, id.equals("a.jpg") ? 0.9f : 0.5f));
      await().atMost(LIMIT).until(() -> http.get("/v1/images/" + id).status().isSuccess());
    }
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void mutes() {
    try (AuditLines audit = new AuditLines()) {
      send(HttpMethod.POST, "/v1/mutes", "{\"imageId\": \"a.jpg\", \"author\": \"bob\"}");
      http.delete("/v1/mutes/image/a.jpg");
      Mute mute = policy.createMute(CreateMuteRequest.newBuilder().setImageId("b.jpg").build());
      var _ = policy.deleteMute(DeleteMuteRequest.newBuilder().setId(mute.getId()).build());
      http.delete("/v1/mutes/image/a.jpg");
      assertThat(audit.lines())
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .isEqualTo(
                          """
                          {"action":"mute.create","caller":"ann","what":{"imageId":"a.jpg",\
                          "author":"bob","id":"image/a.jpg"},"outcome":"DONE"}\
                          """),
              line ->
                  assertThat(line)
                      .contains("\"mute.delete\",\"caller\":\"ann\"", "image/a.jpg", "DONE"),
              line ->
                  assertThat(line)
                      .contains("\"mute.create\",\"caller\":\"service\"", "b.jpg", "DONE"),
              line -> assertThat(line).contains("\"mute.delete\",\"caller\":\"service\"", "b.jpg"),
              line -> assertThat(line).contains("mute.delete", "REFUSED", "is no mute"));
    }
  }

  @Test
  void verdicts() {
    try (AuditLines audit = new AuditLines()) {
      send(
          HttpMethod.PUT,
          "/v1/verdicts",
          "{\"a\": \"a.jpg\", \"b\": \"b.jpg\", \"decision\": \"DISMISSED\"}");
      var _ =
          policy.deleteVerdict(
              DeleteVerdictRequest.newBuilder().setA("a.jpg").setB("b.jpg").build());
      http.delete("/v1/verdicts?a=a.jpg&b=b.jpg");
      assertThat(audit.lines())
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .startsWith(
                          """
                          {"action":"verdict.put","caller":"ann","what":{"a":"a.jpg","b":"b.jpg",\
                          "decision":"DISMISSED","id":"\
                          """)
                      .endsWith("\"},\"outcome\":\"DONE\"}"),
              line ->
                  assertThat(line)
                      .contains("\"verdict.delete\",\"caller\":\"service\"", "\"id\":", "DONE"),
              line -> assertThat(line).contains("verdict.delete", "REFUSED", "nobody has judged"));
    }
  }

  @Test
  void thresholdsOfTenants() {
    try (AuditLines audit = new AuditLines()) {
      send(HttpMethod.PUT, "/v1/tenants", "{\"tenant\": \"shop\", \"fingerprintRadius\": 3}");
      send(HttpMethod.PUT, "/v1/tenants", "{\"tenant\": \"shop\"}");
      assertThat(audit.lines())
          .containsExactly(
              """
              {"action":"tenant.put","caller":"ann","what":{"ofTenant":"shop",\
              "fingerprintRadius":"3"},"outcome":"DONE"}\
              """,
              """
              {"action":"tenant.put","caller":"ann","what":{"ofTenant":"shop",\
              "fingerprintRadius":"none"},"outcome":"DONE"}\
              """);
    }
  }

  @Test
  void rematches() {
    try (AuditLines audit = new AuditLines()) {
      var _ = policy.startRematch(StartRematchRequest.newBuilder().setRate(1).build());
      assertThat(http.delete("/v1/rematch?author=bob").status()).isEqualTo(HttpStatus.OK);
      await()
          .atMost(LIMIT)
          .untilAsserted(() ->
              assertThatThrownBy(
                      () -> policy.cancelRematch(CancelRematchRequest.getDefaultInstance()))
                  .isInstanceOf(StatusRuntimeException.class));
      assertThat(audit.lines())
          .anySatisfy(line ->
              assertThat(line)
                  .contains("\"rematch.start\",\"caller\":\"service\"", "\"id\":", "DONE"))
          .anySatisfy(line ->
              assertThat(line)
                  .contains("\"rematch.cancel\",\"caller\":\"ann\"", "\"author\":\"bob\"", "DONE"))
          .anySatisfy(line -> assertThat(line).contains("rematch.cancel", "REFUSED"));
    }
  }

  @Test
  void deletions() {
    try (AuditLines audit = new AuditLines()) {
      http.delete("/v1/images/gone.jpg");
      var _ = images.deleteImage(DeleteImageRequest.newBuilder().setId("gone-2.jpg").build());
      http.delete("/v1/images/" + "x".repeat(1_025));
      assertThat(audit.lines())
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .isEqualTo(
                          """
                          {"action":"image.delete","caller":"ann","what":{"id":"gone.jpg"},\
                          "outcome":"DONE"}\
                          """),
              line ->
                  assertThat(line)
                      .contains("\"image.delete\",\"caller\":\"service\"", "gone-2.jpg", "DONE"),
              line ->
                  assertThat(line)
                      .contains("image.delete", "REFUSED", "1025 bytes")
                      .hasSizeLessThan(2_500));
    }
  }

  private static void send(HttpMethod method, String path, String json) {
    assertThat(http.send(method, path, MediaType.JSON, json.getBytes(UTF_8)).status())
        .isEqualTo(HttpStatus.OK);
  }
}

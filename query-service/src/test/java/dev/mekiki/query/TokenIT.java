package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.SearchRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The API and the page where all services ask for a token, each other included: none would become
/// ready without it.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TokenIT {
  private static final Pattern IDS = Pattern.compile("\"imageId\":\"([^\"]*)\"");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String TOKEN = "token-of-this-test";
  private static final String SHOP = TestTokens.token("shop");
  private static final String ARCHIVE = TestTokens.token("archive");

  @TempDir static Path directory;

  private static WholeService service;
  private static WebClient holder;

  @BeforeAll
  static void start() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), TOKEN + "\n");
    service =
        new WholeService(
            directory,
            ClientAccess.ofUser(Optional.of(file), Optional.empty()),
            Map.of(
                "mekiki.server.token-file",
                file.toString(),
                "mekiki.server.tokens-file",
                new TestTokens()
                    .tenant("shop")
                    .tenant("archive")
                    .with("operator", "operate")
                    .with("reader", "read")
                    .write(directory.resolve("tokens.json"))
                    .toString()));
    holder = holder(TOKEN);
  }

  private static WebClient holder(String token) {
    return WebClient.builder(service.query.url())
        .setHeader("authorization", "Bearer " + token)
        .build();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  @Order(1)
  void pageAsksForTheTokenAndUsesItEverywhere() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser"))) {
      page.open(service.query.url() + "/");
      await().atMost(LIMIT).until(() -> page.visible("#token"));
      assertThat(page.visible("#token-refused")).isFalse();

      page.type("#token-text", "not-the-one-asked-for");
      page.click("#token .primary");
      await().atMost(LIMIT).until(() -> page.visible("#token-refused"));
      assertThat(page.visible("#token")).isTrue();

      page.type("#token-text", TOKEN);
      page.click("#token .primary");
      await().atMost(LIMIT).until(() -> page.text("#health").startsWith("Ready, and empty"));
      assertThat(page.visible("#token")).isFalse();
      await().atMost(LIMIT).until(() -> page.text("#feed").equals("live"));

      put("page/a.jpg", Pictures.jpeg(1, 0.9f));
      put("page/b.jpg", Pictures.jpeg(1, 0.9f));
      page.view("review");
      await().atMost(LIMIT).until(() -> page.count("#matches li") == 1);
      await().atMost(LIMIT).until(() -> page.loadedPictures("#matches li img") == 2);
      page.click("#matches li button.id");
      await().atMost(LIMIT).until(() -> page.text("#details-list").contains("Hash code"));
      await().atMost(LIMIT).until(() -> page.loadedPictures("#details-picture") == 1);

      // The service goes away and comes back: the feed goes on with the same token.
      service.restartQuery();
      put("page/c.jpg", Pictures.jpeg(1, 0.9f));
      await().atMost(LIMIT).until(() -> page.count("#matches li") == 3);
      assertThat(page.visible("#token")).isFalse();
      assertThat(page.policyViolations()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/livez", "/readyz", "/", "/token.js", "/style.css", "/docs/"})
  void healthPageAndDocumentsAreOpen(String path) {
    assertThat(service.get(path).status()).isEqualTo(HttpStatus.OK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/status",
        "/v1/matches",
        "/v1/matches?fromBeginning=true&endAtPresent=true",
        "/v1/images?id=page/a.jpg",
        "/v1/thumbnails/page/a.jpg",
        "/metrics",
        "/mekiki.v1.Mekiki/GetStatus",
      })
  void everythingElseAsksForTheToken(String path) {
    AggregatedHttpResponse response = service.get(path);
    assertThat(response.status()).isEqualTo(HttpStatus.UNAUTHORIZED);
    assertThat(response.headers().get("www-authenticate")).isEqualTo("Bearer");
    assertThat(response.contentType()).isEqualTo(MediaType.parse("application/problem+json"));
  }

  @Test
  void writesAskForTheTokenToo() throws Exception {
    assertThat(service.put("refused", Pictures.jpeg(2, 0.9f)).status())
        .isEqualTo(HttpStatus.UNAUTHORIZED);
    assertThat(service.http.delete("/v1/images/refused").status())
        .isEqualTo(HttpStatus.UNAUTHORIZED);
  }

  @Test
  void grpcAsksForTheToken() throws Exception {
    MekikiGrpc.MekikiBlockingStub stranger =
        ClientAccess.NONE.grpc(service.query.address()).build(MekikiGrpc.MekikiBlockingStub.class);
    assertThatThrownBy(() -> stranger.getStatus(GetStatusRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));

    assertThat(service.status().getMissingPartitionsList()).isEmpty();
    // Through the encoder and every partition.
    assertThat(
            service
                .grpc
                .search(
                    SearchRequest.newBuilder()
                        .setImage(ByteString.copyFrom(Pictures.jpeg(3, 0.9f)))
                        .build())
                .getComplete())
        .isTrue();
  }

  @Test
  void serverSentEventsComeWithTheToken() throws Exception {
    put("events/a.jpg", Pictures.jpeg(4, 0.9f));
    put("events/b.jpg", Pictures.jpeg(4, 0.9f));
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          AggregatedHttpResponse events =
              holder.get("/v1/matches?fromBeginning=true&endAtPresent=true").aggregate().join();
          assertThat(events.contentType()).isEqualTo(MediaType.EVENT_STREAM);
          assertThat(events.contentUtf8()).contains("event:match", "events/b.jpg");
        });
  }

  @Test
  void tenantsWithTheSamePicturesFindTheirOwnAlone() throws Exception {
    TestHttp shop = new TestHttp(holder(SHOP));
    TestHttp archive = new TestHttp(holder(ARCHIVE));
    for (int i = 0; i < 3; i++) {
      assertThat(shop.put("shop/" + i + ".jpg", Pictures.jpeg(50 + i, 0.9f)).status())
          .isEqualTo(HttpStatus.OK);
      assertThat(archive.put("archive/" + i + ".jpg", Pictures.jpeg(50 + i, 0.9f)).status())
          .isEqualTo(HttpStatus.OK);
    }
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          assertThat(found(shop))
              .containsExactlyInAnyOrder("shop/0.jpg", "shop/1.jpg", "shop/2.jpg");
          assertThat(found(archive))
              .containsExactlyInAnyOrder("archive/0.jpg", "archive/1.jpg", "archive/2.jpg");
        });
    AggregatedHttpResponse thumbnail = shop.get("/v1/thumbnails/shop/1.jpg");
    assertThat(thumbnail.contentType()).isEqualTo(MediaType.JPEG);
    AggregatedHttpResponse others = shop.get("/v1/thumbnails/archive/1.jpg");
    assertThat(others.status()).isEqualTo(HttpStatus.NOT_FOUND);
    assertThat(others.contentUtf8()).contains("id: 'archive/1.jpg' is not indexed");

    // Encoder and index instances have the same tokens, and speak of all tenants.
    for (String address : List.of(service.encoder.address(), service.index.address())) {
      WebClient internal = WebClient.of("http://" + address);
      assertThat(status(internal, SHOP)).isEqualTo(HttpStatus.FORBIDDEN);
      assertThat(status(internal, "unknown-to-anybody")).isEqualTo(HttpStatus.UNAUTHORIZED);
      assertThat(status(internal, TestTokens.token("operator"))).isEqualTo(HttpStatus.OK);
      assertThat(status(internal, TOKEN)).isEqualTo(HttpStatus.OK);
    }
  }

  private static HttpStatus status(WebClient service, String token) {
    return service
        .execute(RequestHeaders.of(HttpMethod.GET, "/metrics", "authorization", "Bearer " + token))
        .aggregate()
        .join()
        .status();
  }

  private static List<String> found(TestHttp tenant) throws IOException {
    return IDS.matcher(
            tenant
                .send(HttpMethod.POST, "/v1/search?k=1000", MediaType.JPEG, Pictures.jpeg(50, 0.8f))
                .contentUtf8())
        .results()
        .map(result -> result.group(1))
        .toList();
  }

  @Test
  void pageShowsATenantItsOwn() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser-of-a-tenant"))) {
      page.open(service.query.url() + "/");
      await().atMost(LIMIT).until(() -> page.visible("#token"));
      page.type("#token-text", SHOP);
      page.click("#token .primary");
      await()
          .atMost(LIMIT)
          .until(() -> page.text("#health").endsWith("You see the images of shop."));
      assertThat(page.text("#figure-images")).isEqualTo("–");
      assertThat(page.text("#figure-instances")).isEqualTo("–");
      await().atMost(LIMIT).until(() -> page.text("#feed").equals("live"));
      assertThat(page.policyViolations()).isEmpty();
    }
  }

  @Test
  void pageOffersAReaderNothingToDecide() throws Exception {
    put("reader/a.jpg", Pictures.jpeg(30, 0.9f));
    put("reader/b.jpg", Pictures.jpeg(30, 0.9f));
    try (Page page = Page.inBrowser(directory.resolve("browser-of-a-reader"))) {
      page.open(service.query.url() + "/#review");
      await().atMost(LIMIT).until(() -> page.visible("#token"));
      page.type("#token-text", TestTokens.token("reader"));
      page.click("#token .primary");
      await().atMost(LIMIT).until(() -> page.count("#matches li") > 0);
      assertThat(page.visible("#matches .decide button:nth-of-type(3)")).as("why").isTrue();
      assertThat(page.visible("#matches .decide button:nth-of-type(1)")).as("confirm").isFalse();
      assertThat(page.visible("#undo")).isFalse();
      page.click("#review-title");
      page.press("j", "d");
      page.view("operate");
      await().atMost(LIMIT).until(() -> page.visible("#partitions"));
      assertThat(page.visible("#mute")).isFalse();
      assertThat(page.visible("#rematch-start")).isFalse();
      assertThat(page.visible("#operate-problem")).isFalse();
    }
  }

  private static void put(String id, byte[] image) {
    service.grpc.putImage(
        PutImageRequest.newBuilder().setId(id).setImage(ByteString.copyFrom(image)).build());
  }
}

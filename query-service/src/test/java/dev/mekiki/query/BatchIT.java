package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.auth.AuthToken;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.GetImageRequest;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.ListMatchesRequest;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.PutImageResult;
import dev.mekiki.schemas.v1.PutImagesRequest;
import dev.mekiki.schemas.v1.PutImagesResponse;
import dev.mekiki.schemas.v1.SearchManyRequest;
import dev.mekiki.schemas.v1.SearchManyResponse;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SearchResult;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Several images and several searches in one call, through broker, encoder and index.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BatchIT {
  private static final int IMAGES = 12;

  @TempDir static Path directory;

  private static WholeService service;
  private static WebClient http;

  @BeforeAll
  static void start() throws Exception {
    TestTokens tokens =
        new TestTokens().add("slow", ", \"requestsPerSecond\": 3", "read", "write").tenant("shop");
    Path token = Files.writeString(directory.resolve("token"), TestTokens.token("service"));
    Path tokensFile = tokens.write(directory.resolve("tokens.json"));
    service =
        new WholeService(
            directory,
            ClientAccess.toPeers(
                Configuration.of(
                        QueryConfig.class, Map.of("mekiki.server.token-file", token.toString()))
                    .server()),
            Map.of(
                "mekiki.server.token-file", token.toString(),
                "mekiki.server.tokens-file", tokensFile.toString()));
    http = client("service");
    PutImagesRequest.Builder batch = PutImagesRequest.newBuilder();
    for (int i = 0; i < IMAGES; i++) {
      batch.addImages(
          PutImageRequest.newBuilder()
              .setId("batch/" + i)
              .setImage(ByteString.copyFrom(Pictures.jpeg(i, 0.9f))));
    }
    PutImagesResponse sent =
        ok(post(http, "/v1/batch/images", batch.build()), PutImagesResponse.newBuilder());
    assertThat(sent.getResultsList()).hasSize(IMAGES).allMatch(PutImageResult::hasPut);
    await().atMost(Duration.ofSeconds(60)).until(() -> service.status().getImages() == IMAGES);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  @Order(1) // before another test adds images
  void eachSearchIsAnsweredAsIfItWereAlone() throws Exception {
    SearchManyRequest.Builder batch = SearchManyRequest.newBuilder();
    for (int i = 0; i < IMAGES; i++) {
      batch.addSearches(
          i % 2 == 0
              ? SearchRequest.newBuilder().setId("batch/" + i).setK(4)
              : SearchRequest.newBuilder()
                  .setImage(ByteString.copyFrom(Pictures.jpeg(i, 0.9f)))
                  .setK(4));
    }
    SearchManyResponse answer =
        ok(post(http, "/v1/batch/search", batch.build()), SearchManyResponse.newBuilder());

    assertThat(answer.getResultsCount()).isEqualTo(IMAGES);
    for (int i = 0; i < IMAGES; i++) {
      SearchResponse alone = service.grpc.search(batch.getSearches(i));
      assertThat(answer.getResults(i).getFound().getHitsList())
          .as("search %d", i)
          .isEqualTo(alone.getHitsList())
          .isNotEmpty();
    }
    assertThat(service.grpc.searchMany(batch.build()).getResultsCount()).isEqualTo(IMAGES);
  }

  @Test
  @Order(2)
  void sendingTheSameBytesAgainMakesNoRevisionAndNoEvent() throws Exception {
    Image before = service.grpc.getImage(GetImageRequest.newBuilder().setId("batch/1").build());
    byte[] same = Pictures.jpeg(1, 0.9f);
    http.prepare()
        .put("/v1/images/batch/1?metadata.again=yes")
        .content(MediaType.JPEG, same)
        .execute()
        .aggregate()
        .join();
    GetImageRequest again = GetImageRequest.newBuilder().setId("batch/1").build();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> service.grpc.getImage(again).containsMetadata("again"));
    assertThat(service.grpc.getImage(again).getRevision()).isEqualTo(before.getRevision());

    // What comes behind it has its event, and the image none.
    http.prepare()
        .put("/v1/images/batch/marker")
        .content(MediaType.JPEG, Pictures.jpeg(2, 0.9f))
        .execute()
        .aggregate()
        .join();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> matches().stream().anyMatch(m -> m.getLater().getId().equals("batch/marker")));
    assertThat(matches()).filteredOn(m -> m.getKind() == MatchKind.EXACT).hasSize(1);
  }

  private static List<Match> matches() {
    return service
        .grpc
        .listMatches(ListMatchesRequest.newBuilder().setLimit(1000).build())
        .getMatchesList();
  }

  @Test
  void aFailureIsItsItemsAlone() throws Exception {
    SearchManyResponse answer =
        ok(
            post(
                http,
                "/v1/batch/search",
                SearchManyRequest.newBuilder()
                    .addSearches(SearchRequest.newBuilder().setId("none"))
                    .addSearches(SearchRequest.newBuilder().setId("batch/1").setK(1))
                    .addSearches(SearchRequest.newBuilder().setId("batch/1").setK(0))
                    .build()),
            SearchManyResponse.newBuilder());

    SearchResult unknown = answer.getResults(0);
    assertThat(unknown.getFailure().getCode()).isEqualTo("NOT_FOUND");
    assertThat(unknown.getFailure().getStatus()).isEqualTo(404);
    assertThat(unknown.getFailure().getDetail()).startsWith("id: 'none' is not indexed");
    assertThat(answer.getResults(1).getFound().getHitsCount()).isEqualTo(1);
    assertThat(answer.getResults(2).getFailure().getDetail()).startsWith("k: 0 (expected: 1..");

    PutImagesResponse put =
        ok(
            post(
                client("shop"),
                "/v1/batch/images",
                PutImagesRequest.newBuilder()
                    .addImages(image("shop/1"))
                    .addImages(image("archive/1"))
                    .addImages(PutImageRequest.newBuilder().setId("shop/2"))
                    .build()),
            PutImagesResponse.newBuilder());
    assertThat(put.getResults(0).hasPut()).isTrue();
    assertThat(put.getResults(1).getFailure().getCode()).isEqualTo("PERMISSION_DENIED");
    assertThat(put.getResults(2).getFailure().getDetail()).startsWith("image: 0 bytes");
  }

  @Test
  void aBatchIsBounded() throws Exception {
    refused(
        () -> service.grpc.searchMany(SearchManyRequest.getDefaultInstance()),
        "searches: 0 (expected: 1..100");
    refused(() -> service.grpc.searchMany(searches(101, 1)), "searches: 101 (expected: 1..100");
    SearchRequest described = SearchRequest.newBuilder().setId("a").setDescribe(true).build();
    refused(
        () ->
            service.grpc.searchMany(SearchManyRequest.newBuilder().addSearches(described).build()),
        "describe: in one of several searches (expected: in a search of its own");
    refused(
        () -> service.grpc.searchMany(searches(11, 1000)),
        "searches: 11000 hits in all (expected: at most 10000");
    refused(
        () ->
            service.grpc.putImages(
                PutImagesRequest.newBuilder().addImages(image("a")).addImages(image("a")).build()),
        "images: id 'a' twice");
    AggregatedHttpResponse misspelt =
        send(http, "/v1/batch/search", "{\"searches\":[{\"id\":\"a\",\"kk\":1}]}");
    assertThat(misspelt.status()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(misspelt.contentUtf8()).contains("kk: unknown field (expected: image, id, code, k");
    AggregatedHttpResponse nested =
        send(http, "/v1/batch/search", "{\"searches\":" + "[".repeat(100_000));
    assertThat(nested.status()).isEqualTo(HttpStatus.BAD_REQUEST);
  }

  @Test
  void eachOfABatchCountsForTheRateLimit() throws Exception {
    WebClient slow = client("slow");
    assertThat(post(slow, "/v1/batch/search", searches(30, 1)).status()).isEqualTo(HttpStatus.OK);
    AggregatedHttpResponse next = slow.get("/v1/session").aggregate().join();

    assertThat(next.status()).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
    // 30 at 3 a second, less what has gone by meanwhile.
    assertThat(Integer.parseInt(next.headers().get("retry-after", ""))).isBetween(2, 10);
  }

  private static PutImageRequest.Builder image(String id) throws Exception {
    return PutImageRequest.newBuilder()
        .setId(id)
        .setImage(ByteString.copyFrom(Pictures.jpeg(99, 0.9f)));
  }

  private static SearchManyRequest searches(int count, int k) {
    return SearchManyRequest.newBuilder()
        .addAllSearches(
            IntStream.range(0, count)
                .mapToObj(_ -> SearchRequest.newBuilder().setId("batch/1").setK(k).build())
                .toList())
        .build();
  }

  private static void refused(ThrowingCallable call, String reason) {
    assertThatThrownBy(call)
        .hasMessageStartingWith("INVALID_ARGUMENT: " + reason)
        .satisfies(e ->
            assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
  }

  private static WebClient client(String name) {
    return WebClient.builder(service.query.url())
        .auth(AuthToken.ofOAuth2(TestTokens.token(name)))
        .build();
  }

  private static AggregatedHttpResponse post(WebClient to, String path, Message message)
      throws Exception {
    return send(to, path, JsonFormat.printer().print(message));
  }

  private static AggregatedHttpResponse send(WebClient to, String path, String json) {
    return to.prepare().post(path).content(MediaType.JSON, json).execute().aggregate().join();
  }

  private static SearchManyResponse ok(
      AggregatedHttpResponse answer, SearchManyResponse.Builder message) throws Exception {
    assertThat(answer.status()).as(answer.contentUtf8()).isEqualTo(HttpStatus.OK);
    JsonFormat.parser().merge(answer.contentUtf8(), message);
    return message.build();
  }

  private static PutImagesResponse ok(
      AggregatedHttpResponse answer, PutImagesResponse.Builder message) throws Exception {
    assertThat(answer.status()).as(answer.contentUtf8()).isEqualTo(HttpStatus.OK);
    JsonFormat.parser().merge(answer.contentUtf8(), message);
    return message.build();
  }
}

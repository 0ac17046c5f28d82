package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.sse.ServerSentEvent;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.StreamWriter;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.file.FileService;
import com.linecorp.armeria.server.streaming.ServerSentEvents;
import dev.mekiki.query.json.Json;
import dev.mekiki.schemas.v1.CopyHit;
import dev.mekiki.schemas.v1.CopySearch;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.ListMatchesResponse;
import dev.mekiki.schemas.v1.ListVerdictsResponse;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.MatchedImage;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SearchStatistics;
import dev.mekiki.schemas.v1.Session;
import dev.mekiki.schemas.v1.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/// The page in a browser against a server whose answers the test times.
class PageIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String TOKEN = "the-token-of-this-test";

  @TempDir Path directory;

  private final Map<String, CompletableFuture<HttpResponse>> images = new ConcurrentHashMap<>();

  /// By the filter `lane`.
  private final Map<String, CompletableFuture<HttpResponse>> searches = new ConcurrentHashMap<>();

  private final AtomicInteger unauthorized = new AtomicInteger();
  private volatile boolean tokenRequired;
  private volatile SearchResponse found = SearchResponse.getDefaultInstance();
  private Server server = Server.builder().service("/", (ctx, req) -> HttpResponse.of(404)).build();

  @BeforeEach
  void start() {
    server =
        Server.builder()
            .http(0)
            .requestTimeoutMillis(0)
            .service("/v1/status", (ctx, req) -> guarded(req, this::status))
            .service("/v1/session", (ctx, req) -> guarded(req, PageIT::session))
            .service("/v1/matches", (ctx, req) -> guarded(req, () -> matches(req)))
            .service("/v1/verdicts", (ctx, req) -> json(ListVerdictsResponse.getDefaultInstance()))
            .service("/v1/images", (ctx, req) -> guarded(req, () -> image(ctx)))
            .service("/v1/thumbnails", (ctx, req) -> thumbnail())
            .service("/v1/search", (ctx, req) -> searched(ctx))
            .serviceUnder(
                "/", FileService.of(PageIT.class.getClassLoader(), "/dev/mekiki/query/page"))
            .build();
    server.start().join();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void tokenDialogThatWasClosedStaysClosedUntilItIsAskedFor() throws Exception {
    tokenRequired = true;
    try (Page page = Page.inBrowser(directory.resolve("browser"))) {
      page.open(url());
      await().atMost(LIMIT).until(() -> page.visible("#token"));
      assertThat(page.obstacles()).isEmpty();
      page.type("#token-text", Keys.ESCAPE.toString());
      await().atMost(LIMIT).until(() -> !page.visible("#token"));
      assertThat(page.visible("#token-open")).isTrue();
      assertThat(page.obstacles()).isEmpty();
      int refused = unauthorized.get();
      // The status is polled every 2 s, the matches every second.
      await().during(Duration.ofSeconds(5)).atMost(LIMIT).until(() -> !page.visible("#token"));
      assertThat(page.text("#health")).isEqualTo("The service requires a token.");
      assertThat(unauthorized.get()).as("calls without a token").isEqualTo(refused);

      page.click("#token-open");
      await().atMost(LIMIT).until(() -> page.visible("#token"));
      page.type("#token-text", TOKEN);
      page.click("#token .primary");
      await().atMost(LIMIT).until(() -> page.text("#feed").equals("live"));
      await().atMost(LIMIT).until(() -> page.text("#health").startsWith("Waiting for an index"));
      assertThat(page.visible("#token-open")).isFalse();
    }
  }

  @Test
  void detailsAreThoseOfTheIdPressedLast() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser"))) {
      page.open(url() + "#review");
      await().atMost(LIMIT).until(() -> page.count("#matches li") == 1);
      CompletableFuture<HttpResponse> slow = new CompletableFuture<>();
      images.put("slow", slow);
      images.put("fast", CompletableFuture.completedFuture(json(image("fast"))));

      page.click("#matches .side:nth-child(1) button.id");
      await().atMost(LIMIT).until(() -> page.visible("#details"));
      page.click("#details form button");
      await().atMost(LIMIT).until(() -> !page.visible("#details"));
      page.click("#matches .side:nth-child(2) button.id");
      await().atMost(LIMIT).until(() -> page.text("#details-list").contains("code of fast"));

      // The answer to the first comes late, and is an error.
      slow.complete(
          HttpResponse.of(
              HttpStatus.NOT_FOUND, MediaType.JSON, "{\"detail\": \"slow is not indexed\"}"));
      await()
          .during(Duration.ofSeconds(2))
          .atMost(LIMIT)
          .until(() -> page.text("#details-list").contains("code of fast"));
      assertThat(page.text("#details-title")).isEqualTo("fast");
      assertThat(page.text("#details-list")).doesNotContain("not indexed");
    }
  }

  @Test
  void copiesComeFirstWithTheirReasonAndEachImageOnce() throws Exception {
    found =
        SearchResponse.newBuilder()
            .addCopies(copy("same", MatchKind.EXACT, DecidedBy.BYTES, "the same bytes"))
            .addCopies(
                copy(
                    "original/with a rather long name.jpg",
                    MatchKind.DUPLICATE,
                    DecidedBy.ALIGNMENT,
                    "100 % of the picture searched for is seen in this one and covers 57 % of it,"
                        + " mirrored"))
            .addSharedElements(
                copy(
                    "logo",
                    MatchKind.SHARES_ELEMENT,
                    DecidedBy.ALIGNMENT,
                    "20 % of the picture searched for is seen in this one and covers 30 % of it"))
            .addHits(SearchHit.newBuilder().setImageId("same").setFingerprintDistance(0))
            .addHits(SearchHit.newBuilder().setImageId("similar").setCodeDistance(3))
            .addHits(SearchHit.newBuilder().setImageId("logo").setCodeDistance(9))
            .addHits(SearchHit.newBuilder().setImageId("other").setCodeDistance(12))
            .setComplete(true)
            .setCopySearch(CopySearch.newBuilder().setComplete(true))
            .build();
    Path file = directory.resolve("query.jpg");
    Files.write(file, Pictures.jpeg(1, 0.9f));
    try (Page page = Page.inBrowser(directory.resolve("browser"))) {
      page.open(url());
      page.choose("#file", file);
      await().atMost(LIMIT).until(() -> page.count("#results .hits li") == 5);
      assertThat(page.texts("#results .hits .id"))
          .containsExactly(
              "same", "original/with a rather long name.jpg", "logo", "similar", "other");
      assertThat(page.texts("#results .hits .copy .kind"))
          .containsExactly("the same bytes", "copy", "a part in common");
      assertThat(page.texts("#results .hits .copy p"))
          .first()
          .isEqualTo(
              "100 % of the picture searched for is seen in this one and covers 57 % of it,"
                  + " mirrored");
      assertThat(page.text("#results .completeness"))
          .isEqualTo("5 images, 2 copies. Complete: every partition that can hold a hit answered.");
      page.screenshot("copies");

      found =
          SearchResponse.newBuilder()
              .addHits(SearchHit.newBuilder().setImageId("similar"))
              .setCopySearch(CopySearch.newBuilder().setUnverified(2).setReason("2 were late"))
              .build();
      page.choose("#file", file);
      await().atMost(LIMIT).until(() -> page.count("#results .hits li") == 1);
      assertThat(page.text("#results .completeness"))
          .isEqualTo("1 image, no copy. Partial. Copies may be missing: 2 were late.");

      // Without the search for copies nothing speaks of them.
      found = SearchResponse.newBuilder().setComplete(true).build();
      page.choose("#file", file);
      await()
          .atMost(LIMIT)
          .until(() -> page.text("#results .completeness").startsWith("No image found"));
      assertThat(page.text("#results .completeness"))
          .isEqualTo("No image found. Complete: every partition that can hold a hit answered.");
    }
  }

  private HttpResponse searched(ServiceRequestContext ctx) {
    HttpResponse answer = json(described(found));
    String lane = ctx.queryParams().get("filter.lane", "");
    return lane.isEmpty()
        ? answer
        : HttpResponse.of(searches.computeIfAbsent(lane, _ -> new CompletableFuture<>()));
  }

  private static SearchResponse described(SearchResponse found) {
    return found.toBuilder().setStatistics(SearchStatistics.getDefaultInstance()).build();
  }

  private static SearchResponse hits(String... ids) {
    SearchResponse.Builder response = SearchResponse.newBuilder().setComplete(true);
    for (String id : ids) {
      response.addHits(SearchHit.newBuilder().setImageId(id));
    }
    return described(response.build());
  }

  @Test
  void anAnswerThatWasOvertakenIsDropped() throws Exception {
    found = hits("before");
    Path file = Files.write(directory.resolve("query.jpg"), Pictures.jpeg(1, 0.9f));
    try (Page page = Page.inBrowser(directory.resolve("browser"))) {
      page.open(url());
      await().atMost(LIMIT).until(() -> page.count("#search-metadata input") == 1);
      page.choose("#file", file);
      await().atMost(LIMIT).until(() -> page.texts("#results .hits .id").equals(List.of("before")));
      page.type("#search-metadata input", "1");
      await().atMost(LIMIT).until(() -> searches.containsKey("1"));
      page.type("#search-metadata input", "2");
      await().atMost(LIMIT).until(() -> searches.containsKey("12"));
      Objects.requireNonNull(searches.get("12")).complete(json(hits("second")));
      await().atMost(LIMIT).until(() -> page.texts("#results .hits .id").equals(List.of("second")));
      Objects.requireNonNull(searches.get("1")).complete(json(hits("first")));
      await()
          .during(Duration.ofSeconds(1))
          .atMost(LIMIT)
          .until(() -> page.texts("#results .hits .id").equals(List.of("second")));
    }
  }

  private static CopyHit copy(String id, MatchKind kind, DecidedBy by, String why) {
    return CopyHit.newBuilder()
        .setImageId(id)
        .setKind(kind)
        .setDecidedBy(by)
        .setExplanation(why)
        .build();
  }

  private HttpResponse thumbnail() {
    try {
      return HttpResponse.of(HttpStatus.OK, MediaType.JPEG, Pictures.jpeg(7, 0.9f));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String url() {
    return "http://127.0.0.1:%d/".formatted(server.activeLocalPort());
  }

  private HttpResponse guarded(
      HttpRequest request, java.util.function.Supplier<HttpResponse> answer) {
    if (tokenRequired
        && !("Bearer " + TOKEN).equals(request.headers().get(HttpHeaderNames.AUTHORIZATION))) {
      unauthorized.incrementAndGet();
      return HttpResponse.of(HttpStatus.UNAUTHORIZED);
    }
    return answer.get();
  }

  private static HttpResponse session() {
    return json(
        Session.newBuilder().addAllRoles(List.of("read", "write", "review", "operate")).build());
  }

  private HttpResponse status() {
    return json(
        Status.newBuilder()
            .setGeneration("ab".repeat(32))
            .setPartitions(4)
            .addFilterableMetadata("lane")
            .build());
  }

  private static HttpResponse matches(HttpRequest request) {
    if (request.headers().accept().contains(MediaType.JSON)) {
      return json(ListMatchesResponse.getDefaultInstance());
    }
    StreamWriter<ServerSentEvent> events = StreamMessage.streaming();
    events.write(ServerSentEvent.builder().id("0").comment("watching matches").build());
    events.write(
        ServerSentEvent.builder()
            .id("1")
            .event("match")
            .data(
                Json.print(
                    Match.newBuilder()
                        .setEventId("event")
                        .setKind(MatchKind.EXACT)
                        .setEarlier(MatchedImage.newBuilder().setId("slow"))
                        .setLater(MatchedImage.newBuilder().setId("fast"))
                        .build()))
            .build());
    return ServerSentEvents.fromPublisher(events);
  }

  private HttpResponse image(ServiceRequestContext ctx) {
    String id = QueryParams.fromQueryString(ctx.query()).get("id", "");
    return HttpResponse.of(images.getOrDefault(id, new CompletableFuture<>()));
  }

  private static Image image(String id) {
    return Image.newBuilder().setId(id).setHashCode("code of " + id).build();
  }

  private static HttpResponse json(com.google.protobuf.Message message) {
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, Json.print(message));
  }
}

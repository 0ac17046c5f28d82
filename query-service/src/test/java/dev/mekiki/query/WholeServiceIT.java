package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.mekiki.schemas.v1.DeleteImageRequest;
import dev.mekiki.schemas.v1.GetImageRequest;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SourceCoordinate;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/// The public API and the page over everything real: encoder, index, broker and a browser.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WholeServiceIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String EVIL = "evil\n\"quoted\" 'id' <script>alert(1)</script>&amp;.jpg";

  @TempDir static Path directory;

  private static WholeService service;

  @BeforeAll
  static void start() throws InterruptedException {
    service = new WholeService(directory);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  @Order(1)
  void pageShowsStatusSearchesAndFollowsMatches() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser"))) {
      page.open("http://" + service.query.address() + "/");

      // Nothing is indexed yet.
      await().atMost(LIMIT).until(() -> page.text("#health").startsWith("Ready, and empty"));
      page.view("review");
      await().atMost(LIMIT).until(() -> page.visible("#no-matches"));
      assertThat(page.text("#no-matches")).contains("Nothing yet");
      page.view("search");
      assertThat(page.text("#figure-partitions")).isEqualTo("4 of 4");
      assertThat(page.text("#figure-images")).isEqualTo("0");
      page.screenshot("empty");

      for (int i = 0; i < 11; i++) {
        put("pictures/%02d.jpg".formatted(i), Pictures.jpeg(i, 0.9f));
      }
      put(EVIL, Pictures.jpeg(100, 0.9f));
      await().atMost(LIMIT).until(() -> page.text("#figure-images").equals("12"));
      assertThat(page.text("#health")).isEqualTo("Ready: all partitions answer.");
      // Of 4 partitions; every arrival probes the others.
      assertThat(page.text("#figure-probes")).isEqualTo("3.00");
      assertThat(page.text("#figure-balance")).matches("[1-4]\\.\\d\\d ×");

      // A live match, of an id that would be markup were it not treated as text.
      put("copies/evil.jpg", Pictures.jpeg(100, 0.9f));
      await().atMost(LIMIT).until(() -> page.text("#arrived").equals("1"));
      page.view("review");
      await().atMost(LIMIT).until(() -> page.count("#matches li") == 1);
      assertThat(page.text("#matches li .kind")).isEqualToIgnoringCase("exact");
      assertThat(page.texts("#matches li button.id"))
          .containsExactlyInAnyOrder(EVIL, "copies/evil.jpg");
      await().atMost(LIMIT).until(() -> page.loadedPictures("#matches li img") == 2);
      assertThat(page.visible("#no-matches")).isFalse();

      page.view("search");

      // Search by a chosen file: a re-encoded copy of picture 3.
      Path file = directory.resolve("query.jpg");
      Files.write(file, Pictures.jpeg(3, 0.5f));
      page.choose("#file", file);
      await().atMost(LIMIT).until(() -> page.count("#results .hits li") == 10);
      assertThat(page.texts("#results .hits li button.id").getFirst()).isEqualTo("pictures/03.jpg");
      assertThat(page.text("#results .completeness")).contains("10 images. Complete");
      assertThat(page.text("#results .hits li .distances")).startsWith("code ");
      await().atMost(LIMIT).until(() -> page.loadedPictures("#results .hits li img") >= 5);
      page.screenshot("search");

      // A file that is no picture: the encoder's reason is shown.
      Path text = directory.resolve("text.jpg");
      Files.writeString(text, "no picture at all");
      page.choose("#file", text);
      await().atMost(LIMIT).until(() -> page.visible("#results .problem"));
      assertThat(page.count("#results .hits li")).isZero();

      // Details of the id, and a search from there.
      page.view("review");
      page.click("#matches li button.id");
      await().atMost(LIMIT).until(() -> page.text("#details-list").contains("Hash code"));
      page.screenshot("details");
      page.click("#details-search");
      await().atMost(LIMIT).until(() -> page.visible("#results"));

      // The service goes away and comes back; the page goes on by itself and misses nothing.
      page.view("review");
      service.restartQuery();
      put("copies/03.jpg", Pictures.jpeg(3, 0.9f));
      await().atMost(LIMIT).until(() -> page.count("#matches li") == 2);
      await().atMost(LIMIT).until(() -> page.text("#feed").equals("live"));
      await().atMost(LIMIT).until(() -> page.text("#health").startsWith("Ready"));

      // No script but the page's own, and nothing that the policy had to stop.
      assertThat(page.count("script")).isEqualTo(1);
      assertThat(page.policyViolations()).isEmpty();
    }
  }

  @Test
  @Order(2)
  void pageAndDocumentsAreServedWithTheirHeaders() {
    AggregatedHttpResponse page = service.get("/");
    assertThat(page.status()).isEqualTo(HttpStatus.OK);
    assertThat(page.contentType()).isEqualTo(MediaType.HTML_UTF_8);
    assertThat(page.headers().get("content-security-policy"))
        .contains("default-src 'none'", "script-src 'self'")
        .doesNotContain("unsafe");
    assertThat(page.headers().get("x-content-type-options")).isEqualTo("nosniff");
    assertThat(service.get("/main.js").headers().get("content-type")).contains("javascript");
    assertThat(service.get("/docs/").status()).isEqualTo(HttpStatus.OK);
    assertThat(service.get("/docs/specification.json").contentUtf8())
        .contains("mekiki.v1.Mekiki", "/v1/search");
    assertThat(service.get("/livez").status()).isEqualTo(HttpStatus.OK);
    assertThat(service.get("/readyz").status()).isEqualTo(HttpStatus.OK);
    assertThat(service.get("/metrics").contentUtf8()).contains("mekiki_query_search_seconds");
    assertThat(service.get("/nowhere").status()).isEqualTo(HttpStatus.NOT_FOUND);
  }

  @Test
  @Order(3)
  void imageIsPutFoundFetchedAndDeletedInEveryForm() throws Exception {
    byte[] picture = Pictures.jpeg(200, 0.9f);
    AggregatedHttpResponse raw =
        service.send(
            HttpMethod.PUT,
            "/v1/images/forms/raw%20body.jpg?metadata.camera=box&muteMatches=true",
            MediaType.JPEG,
            picture);
    assertThat(raw.status()).as(raw.contentUtf8()).isEqualTo(HttpStatus.OK);
    assertThat(raw.contentUtf8()).contains("\"topic\":\"mekiki.images\"");
    AggregatedHttpResponse json =
        service.send(
            HttpMethod.PUT,
            "/v1/images/forms/json.jpg",
            MediaType.JSON,
            "{\"image\": \"%s\", \"metadata\": {\"camera\": \"pinhole\"}, \"muteMatches\": true}"
                .formatted(Base64.getEncoder().encodeToString(picture))
                .getBytes(StandardCharsets.UTF_8));
    assertThat(json.status()).as(json.contentUtf8()).isEqualTo(HttpStatus.OK);
    SourceCoordinate source =
        service
            .grpc
            .putImage(
                PutImageRequest.newBuilder()
                    .setId("forms/grpc.jpg")
                    .setImage(ByteString.copyFrom(picture))
                    .setMuteMatches(true)
                    .build())
            .getSource();
    assertThat(source.getTopic()).isEqualTo("mekiki.images");

    Image image = awaitImage("forms/grpc.jpg");
    assertThat(image.getRevision()).isEqualTo(source);
    assertThat(image.getWidth()).isEqualTo(320);
    assertThat(image.getHashCode()).matches("[0-9a-f]{16}");
    assertThat(awaitImage("forms/raw body.jpg").getMetadataMap()).containsEntry("camera", "box");
    assertThat(awaitImage("forms/json.jpg").getMetadataMap()).containsEntry("camera", "pinhole");

    AggregatedHttpResponse thumbnail = service.get("/v1/thumbnails/forms/json.jpg");
    assertThat(ImageIO.read(new ByteArrayInputStream(thumbnail.content().array()))).isNotNull();

    // The three have one code and one fingerprint, so the id orders them.
    List<String> expected = List.of("forms/grpc.jpg", "forms/json.jpg", "forms/raw body.jpg");
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(
                    ids(
                        SearchRequest.newBuilder()
                            .setImage(ByteString.copyFrom(picture))
                            .setK(3)
                            .build()))
                .isEqualTo(expected));
    AggregatedHttpResponse search =
        service.send(
            HttpMethod.POST, "/v1/search?k=3&requireComplete=true", MediaType.JPEG, picture);
    assertThat(search.contentUtf8())
        .contains("forms/grpc.jpg", "\"codeDistance\":0", "\"complete\":true");
    assertThat(ids(SearchRequest.newBuilder().setCode(image.getHashCode()).setRadius(0).build()))
        .containsAll(expected);
    double readThumbnails = thumbnailsAskedFor();
    assertThat(readThumbnails).isPositive();
    assertThat(ids(SearchRequest.newBuilder().setId("forms/json.jpg").setK(2).build()))
        .containsExactly("forms/grpc.jpg", "forms/raw body.jpg");
    assertThat(thumbnailsAskedFor()).isEqualTo(readThumbnails);

    assertThat(service.http.delete("/v1/images/forms/raw%20body.jpg").status())
        .isEqualTo(HttpStatus.OK);
    service.grpc.deleteImage(DeleteImageRequest.newBuilder().setId("forms/grpc.jpg").build());
    // An id never seen is no error.
    service.grpc.deleteImage(DeleteImageRequest.newBuilder().setId("never seen").build());
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(
                    ids(
                        SearchRequest.newBuilder()
                            .setImage(ByteString.copyFrom(picture))
                            .setK(3)
                            .build()))
                .contains("forms/json.jpg")
                .doesNotContain("forms/grpc.jpg", "forms/raw body.jpg"));
  }

  @Test
  @Order(4)
  void matchesStreamOverServerSentEventsAndGrpc() throws Exception {
    HttpResponse events = service.http.client().get("/v1/matches");
    List<String> received = new CopyOnWriteArrayList<>();
    events
        .split()
        .body()
        .subscribe(
            new Subscriber<>() {
              @Override
              public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
              }

              @Override
              public void onNext(HttpData data) {
                received.add(data.toStringUtf8());
              }

              @Override
              public void onError(Throwable cause) {
                received.add("ended: " + cause);
              }

              @Override
              public void onComplete() {
                received.add("ended");
              }
            });
    await().atMost(LIMIT).until(() -> String.join("", received).contains("retry"));
    put("stream/a.jpg", Pictures.jpeg(300, 0.9f));
    awaitImage("stream/a.jpg");
    put("stream/b.jpg", Pictures.jpeg(300, 0.9f));
    await()
        .atMost(LIMIT)
        .until(() -> {
          String text = String.join("", received);
          return text.contains("event:match")
              && text.contains("stream/a.jpg")
              && text.contains("stream/b.jpg")
              && text.contains("\"EXACT\"");
        });
    events.abort();

    Iterator<Match> matches =
        service.grpc.streamMatches(
            StreamMatchesRequest.newBuilder().setFromBeginning(true).setEndAtPresent(true).build());
    List<Match> all = new ArrayList<>();
    matches.forEachRemaining(all::add);
    assertThat(all)
        .anySatisfy(match -> {
          assertThat(match.getKind()).isEqualTo(MatchKind.EXACT);
          assertThat(match.getEarlier().getId()).isEqualTo("stream/a.jpg");
          assertThat(match.getLater().getId()).isEqualTo("stream/b.jpg");
          assertThat(match.getCodeDistance()).isZero();
        });
  }

  @Test
  @Order(5)
  void badImagesAreRefusedWithTheReason() {
    AggregatedHttpResponse text =
        service.send(
            HttpMethod.POST,
            "/v1/search",
            MediaType.JPEG,
            "no picture".getBytes(StandardCharsets.UTF_8));
    assertThat(text.status()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(text.contentType()).isEqualTo(MediaType.parse("application/problem+json"));
    AggregatedHttpResponse large = service.put("large", new byte[WholeService.MAX_IMAGE_BYTES + 1]);
    assertThat(large.status()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(large.contentUtf8()).contains("image: 1048577 bytes (expected: 1..1048576");
    assertThat(service.put("huge", new byte[4 * WholeService.MAX_IMAGE_BYTES]).status())
        .isEqualTo(HttpStatus.REQUEST_ENTITY_TOO_LARGE);
    assertThat(service.put("empty", new byte[0]).contentUtf8()).contains("body: empty");
    AggregatedHttpResponse k =
        service.send(HttpMethod.POST, "/v1/search?k=ten", MediaType.JPEG, new byte[] {1});
    assertThat(k.status()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(k.contentUtf8()).contains("(expected: a whole number)");
    assertThatThrownBy(() ->
            service.grpc.putImage(
                PutImageRequest.newBuilder()
                    .setId("x".repeat(1025))
                    .setImage(ByteString.copyFromUtf8("x"))
                    .build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("image id: 1025 bytes (expected: 1 to 1024");
  }

  @Test
  @Order(6)
  void imageIsAnsweredWithoutItsThumbnailWhileKafkaIsAway() throws Exception {
    put("away/a.jpg", Pictures.jpeg(400, 0.9f));
    put("away/b.jpg", Pictures.jpeg(401, 0.9f));
    assertThat(awaitImage("away/a.jpg").getThumbnail().isEmpty()).isFalse();
    awaitUntilIndexed("away/b.jpg");
    service.broker.close();
    try {
      GetImageRequest request = GetImageRequest.newBuilder().setId("away/b.jpg").build();
      Image image = service.grpc.getImage(request);
      assertThat(image.getWidth()).isEqualTo(320);
      assertThat(image.getThumbnailState()).isEqualTo(Image.ThumbnailState.UNAVAILABLE);
      assertThat(image.getThumbnail().isEmpty()).isTrue();
      AggregatedHttpResponse picture = service.get("/v1/thumbnails/away/b.jpg");
      assertThat(picture.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
      assertThat(picture.contentUtf8()).contains("Kafka did not give its thumbnail in time");
      assertThat(picture.headers().getInt("retry-after")).isPositive();
      // What was served before is still in memory.
      assertThat(service.get("/v1/thumbnails/away/a.jpg").status()).isEqualTo(HttpStatus.OK);
    } finally {
      service.restartBroker();
    }
    await()
        .atMost(LIMIT)
        .until(() -> service.get("/v1/thumbnails/away/b.jpg").status().equals(HttpStatus.OK));
  }

  /// By a search, which reads no thumbnail.
  private static void awaitUntilIndexed(String id) {
    SearchRequest search = SearchRequest.newBuilder().setId(id).setK(1).build();
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> service.grpc.search(search).getComplete());
  }

  private static double thumbnailsAskedFor() {
    return service
        .get("/metrics")
        .contentUtf8()
        .lines()
        .filter(line -> line.startsWith("mekiki_query_thumbnails_seconds_count"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static void put(String id, byte[] image) {
    AggregatedHttpResponse response = service.put(id, image);
    assertThat(response.status()).as(response.contentUtf8()).isEqualTo(HttpStatus.OK);
  }

  private static Image awaitImage(String id) {
    GetImageRequest request = GetImageRequest.newBuilder().setId(id).build();
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> service.grpc.getImage(request).getId().equals(id));
    return service.grpc.getImage(request);
  }

  private static List<String> ids(SearchRequest request) {
    SearchResponse response = service.grpc.search(request);
    assertThat(response.getComplete()).isTrue();
    return response.getHitsList().stream().map(SearchHit::getImageId).toList();
  }
}

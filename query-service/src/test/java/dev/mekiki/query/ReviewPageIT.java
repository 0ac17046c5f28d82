package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.ListMatchesRequest;
import dev.mekiki.schemas.v1.Match;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The review of matches and the groups in a browser, over everything real.
class ReviewPageIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String EVIL = "evil\n\"quoted\" <img src=x onerror=alert(1)>&amp;.jpg";
  private static final String VISIBLE = "#matches li:not([hidden])";

  @TempDir static Path directory;

  private static WholeService service;

  @BeforeAll
  static void start() throws Exception {
    service =
        new WholeService(directory, ClientAccess.NONE, Map.of(), Map.of("mekiki.groups", "on"));
    put(EVIL, Pictures.jpeg(9, 0.9f));
    List<Integer> seeds = withFeatures(5);
    // Each event is there before the next arrival, so that the order is known.
    for (int i = 0; i < 5; i++) {
      put("copy/%d.jpg".formatted(i), Pictures.jpeg(seeds.get(i), 0.8f));
      awaitMatches(i + 1);
    }
    put("copy/evil.jpg", Pictures.jpeg(9, 0.9f));
    awaitMatches(6);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void matchesAreReviewedByKeyboard() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser"))) {
      page.open("http://" + service.query.address() + "/#review");

      // Those of the past are there, the newest first.
      await().atMost(LIMIT).until(() -> page.count("#matches li") == 6);
      assertThat(page.texts("#matches .side:last-child .id"))
          .containsExactly(
              "copy/evil.jpg",
              "copy/4.jpg",
              "copy/3.jpg",
              "copy/2.jpg",
              "copy/1.jpg",
              "copy/0.jpg");
      assertThat(page.texts("#matches .side:first-child .id")).first().isEqualTo(EVIL);
      await().atMost(LIMIT).until(() -> page.text("#past").startsWith("These are all"));

      page.type("#author", "ann");
      page.click("#review-title");
      page.press("j", "c");
      await().atMost(LIMIT).until(() -> verdicts().contains("CONFIRMED"));
      assertThat(verdicts()).contains("\"author\":\"ann\"", "\"decidedBy\":\"BYTES\"");
      await().atMost(LIMIT).until(() -> page.text("#matches li .verdict").startsWith("confirmed"));
      assertThat(page.text("#precision")).isEqualTo("Confirmed: exact 100 % of 1");

      // Decided with two keys, undone with one.
      page.press("j", "d");
      await().atMost(LIMIT).until(() -> verdicts().contains("DISMISSED"));
      page.press("u");
      await().atMost(LIMIT).until(() -> !verdicts().contains("DISMISSED"));

      // In a batch.
      page.press("x", "j", "x");
      assertThat(page.text("#dismiss-chosen")).isEqualTo("Dismiss 2 chosen");
      page.press("d");
      await().atMost(LIMIT).until(() -> page.count("#matches li[data-verdict=DISMISSED]") == 2);
      page.click("#filter-verdict option[value=none]");
      await().atMost(LIMIT).until(() -> page.count(VISIBLE) == 3);
      page.click("#undo");
      await().atMost(LIMIT).until(() -> page.count(VISIBLE) == 5);

      // What somebody else decides appears by itself.
      judge("copy/0.jpg", "original/0.jpg");
      await().atMost(LIMIT).until(() -> page.count(VISIBLE) == 4);
      page.click("#filter-verdict option[value='']");
      await().atMost(LIMIT).until(() -> page.count(VISIBLE) == 6);
      assertThat(page.count("#matches li[data-verdict=DISMISSED]")).isEqualTo(1);
      await().atMost(LIMIT).until(() -> page.loadedPictures(VISIBLE + " img") >= 6);
      page.screenshot("review");

      // While paused nothing moves, and nothing is lost.
      page.click("#pause");
      put("again/evil.jpg", Pictures.jpeg(9, 0.9f));
      await().atMost(LIMIT).until(() -> page.visible("#held"));
      assertThat(page.count("#matches li")).isEqualTo(6);
      page.click("#pause");
      await()
          .atMost(LIMIT)
          .untilAsserted(() ->
              assertThat(page.texts("#matches .side:last-child .id"))
                  .startsWith("again/evil.jpg", "again/evil.jpg")
                  .hasSize(8));
      assertThat(page.visible("#held")).isFalse();

      page.click("#filter-kind option[value=EXACT]");
      await().atMost(LIMIT).until(() -> page.count(VISIBLE) == 3);
      assertThat(page.policyViolations()).isEmpty();
    }
  }

  @Test
  void aMatchIsExplainedWithItsPictures() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser of why"))) {
      page.open("http://" + service.query.address() + "/#review");
      await().atMost(LIMIT).until(() -> page.count("#matches li") >= 6);
      page.click("#review-title");
      page.press("j", "j", "w");
      await().atMost(LIMIT).until(() -> page.text("#why-list").contains("Fingerprints"));
      assertThat(page.text("#why-sentence")).contains("fingerprints differ in");
      assertThat(page.count("#why-codes .strip")).isEqualTo(2);
      assertThat(page.count("#why-codes .strip:first-child i")).isEqualTo(64);
      await().atMost(LIMIT).until(() -> page.loadedPictures("#why-pictures img") == 2);
      page.screenshot("why");
      page.click("#why input[value=over]");
      assertThat(page.visible("#blend")).isTrue();
      page.click("#why input[value=difference]");
      assertThat(page.visible("#blend")).isFalse();
      assertThat(page.policyViolations()).isEmpty();
    }
  }

  @Test
  void groupsAreStacksThatOpen() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser of groups"))) {
      page.open("http://" + service.query.address() + "/#groups");
      await()
          .atMost(LIMIT)
          .until(() -> {
            page.click("#groups-reload");
            return page.count("#group-list li") >= 6;
          });
      page.screenshot("groups");
      page.click("#group-list .stack");
      await().atMost(LIMIT).until(() -> page.count("#group-members li") >= 2);
      assertThat(page.visible("#group-more")).isFalse();
      assertThat(page.policyViolations()).isEmpty();
    }
  }

  @Test
  void viewsFitANarrowWindow() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("narrow browser"))) {
      page.width(360);
      page.open("http://" + service.query.address() + "/");
      for (String view : List.of("search", "review", "groups", "operate")) {
        page.view(view);
        await().atMost(LIMIT).until(() -> page.visible("#" + view));
        assertThat(page.isWiderThanWindow()).as(view).isFalse();
      }
      page.view("review");
      await().atMost(LIMIT).until(() -> page.count("#matches li") >= 6);
      assertThat(page.isWiderThanWindow()).isFalse();
      page.screenshot("narrow");
    }
  }

  /// Puts pictures that have features, as `original/0.jpg` and so on, and returns their seeds.
  private static List<Integer> withFeatures(int count) throws IOException {
    List<Integer> seeds = new ArrayList<>();
    for (int seed = 20; seeds.size() < count; seed++) {
      String id = "original/%d.jpg".formatted(seeds.size());
      put(id, Pictures.jpeg(seed, 0.9f));
      String source = "\"sizeBytes\":\"%d\"".formatted(Pictures.jpeg(seed, 0.9f).length);
      await().atMost(LIMIT).until(() -> image(id).contains(source));
      if (image(id).contains("\"featureless\":false")) {
        seeds.add(seed);
      }
    }
    return seeds;
  }

  private static String image(String id) {
    return service.get("/v1/images/" + id).contentUtf8();
  }

  private static void put(String id, byte[] image) {
    assertThat(service.put(id, image).status()).isEqualTo(HttpStatus.OK);
  }

  private static void awaitMatches(int count) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(matches()).hasSize(count));
  }

  private static List<Match> matches() {
    return service.grpc.listMatches(ListMatchesRequest.getDefaultInstance()).getMatchesList();
  }

  private static String verdicts() {
    return service.get("/v1/verdicts").contentUtf8();
  }

  private static void judge(String a, String b) {
    byte[] verdict =
        "{\"a\":\"%s\",\"b\":\"%s\",\"decision\":\"DISMISSED\",\"author\":\"ben\"}"
            .formatted(a, b)
            .getBytes(StandardCharsets.UTF_8);
    assertThat(service.send(HttpMethod.PUT, "/v1/verdicts", MediaType.JSON, verdict).status())
        .isEqualTo(HttpStatus.OK);
  }
}

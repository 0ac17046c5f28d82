package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.mekiki.runtime.server.ClientAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/// Every view, filled, against axe-core in light and dark; and the keyboard alone.
class AccessibilityIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path directory;

  private static WholeService service;

  @BeforeAll
  static void start() throws Exception {
    service =
        new WholeService(
            directory,
            ClientAccess.NONE,
            Map.of(),
            Map.of("mekiki.groups", "on", "mekiki.index.filterable-metadata", "shelf"));
    for (int i = 0; i < 6; i++) {
      put("picture/%d.jpg".formatted(i), Pictures.jpeg(i, 0.9f));
    }
    put("copy/0.jpg", Pictures.jpeg(0, 0.9f));
    put("copy/1.jpg", Pictures.jpeg(1, 0.9f));
    await().atMost(LIMIT).until(() -> service.status().getImages() == 8);
    byte[] mute =
        "{\"imageId\":\"picture/5.jpg\",\"reason\":\"logo\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(service.send(HttpMethod.POST, "/v1/mutes", MediaType.JSON, mute).status())
        .isEqualTo(HttpStatus.OK);
    await()
        .atMost(LIMIT)
        .until(() -> service.get("/v1/images/copy/1.jpg/group").status().equals(HttpStatus.OK));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static void put(String id, byte[] image) {
    String path = "/v1/images?id=%s&metadata.shelf=7".formatted(id);
    assertThat(service.send(HttpMethod.PUT, path, MediaType.JPEG, image).status())
        .isEqualTo(HttpStatus.OK);
  }

  private static Path picture(int seed) throws IOException {
    return Files.write(
        directory.resolve("query %d.jpg".formatted(seed)), Pictures.jpeg(seed, 0.6f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void noViewHasASeriousObstacle(String scheme) throws Exception {
    try (Page page = Page.inBrowser(directory.resolve(scheme))) {
      if (scheme.equals("dark")) {
        page.dark();
      }
      page.open("http://" + service.query.address() + "/");
      await().atMost(LIMIT).until(() -> page.text("#health").startsWith("Ready"));
      check(page, "search, empty");
      page.choose("#file", picture(1), picture(2));
      await().atMost(LIMIT).until(() -> page.count("#results .hits li") == 16);
      check(page, "search");
      page.click("#results .hits .small");
      await().atMost(LIMIT).until(() -> page.text("#why-list").contains("Fingerprints"));
      check(page, "why");
      page.press(Keys.ESCAPE);
      page.click("#results .hits button.id");
      await().atMost(LIMIT).until(() -> page.text("#details-list").contains("Hash code"));
      check(page, "details");
      page.press(Keys.ESCAPE);

      view(page, "review", () -> page.count("#matches li") >= 2);
      page.click("#matches li input");
      check(page, "review, chosen");
      page.click("#dismiss-chosen");
      await().atMost(LIMIT).until(() -> page.count("#matches li[data-verdict=DISMISSED]") == 1);
      check(page, "review, decided");
      page.click("#undo");
      page.click("#keys-open");
      check(page, "keys");
      page.press(Keys.ESCAPE);
      view(page, "groups", () -> page.count("#group-list li") >= 2);
      page.click("#group-list .stack");
      await().atMost(LIMIT).until(() -> page.count("#group-members li") >= 2);
      check(page, "group");
      page.press(Keys.ESCAPE);
      view(page, "map", () -> "arranged".equals(page.attribute("#map-canvas", "data-state")));
      page.focus("#map-canvas");
      page.press(Keys.HOME, Keys.ENTER);
      await().atMost(LIMIT).until(() -> page.count("#map-hits li") > 0);
      check(page, "map, images");
      view(page, "operate", () -> page.count("#mutes li") == 1);
    }
  }

  private static void view(Page page, String view, Callable<Boolean> isFilled) throws IOException {
    page.view(view);
    await().atMost(LIMIT).until(isFilled);
    check(page, view);
  }

  private static void check(Page page, String what) throws IOException {
    assertThat(page.obstacles()).as(what).isEmpty();
  }

  @Test
  void searchAndReviewWorkByKeyboardAlone() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("keyboard"))) {
      page.open("http://" + service.query.address() + "/");
      await().atMost(LIMIT).until(() -> page.text("#health").startsWith("Ready"));
      page.tabTo(".skip");
      page.press(Keys.ENTER);
      page.tabTo("#search-id");
      page.press("picture/2.jpg", Keys.ENTER);
      await().atMost(LIMIT).until(() -> page.count("#results .hits li") == 7);
      page.tabTo("#k");
      page.press(Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
      assertThat(page.count("#results .hits li")).isEqualTo(3);
      page.tabTo("#results .hits .small");
      page.press(Keys.ENTER);
      await().atMost(LIMIT).until(() -> page.text("#why-list").contains("Fingerprints"));
      page.press(Keys.ESCAPE);
      await().atMost(LIMIT).until(() -> !page.visible("#why"));
      page.tabTo("#results .hits li:nth-child(2) button.id");
      page.press(Keys.ENTER);
      await().atMost(LIMIT).until(() -> page.text("#details-list").contains("Hash code"));
      page.tabTo("#details-search");
      page.press(Keys.ENTER);
      await().atMost(LIMIT).until(() -> !page.text("#results .query-name").equals("picture/2.jpg"));

      // To the review, and there through its matches.
      page.tabTo(".tabs [data-view=review]");
      page.press(Keys.ENTER);
      await().atMost(LIMIT).until(() -> page.count("#matches li") >= 2);
      page.tabTo("#filter-kind");
      page.press("ex");
      await().atMost(LIMIT).until(() -> page.count("#matches li:not([hidden])") == 2);
      page.tabTo("#author");
      page.press("keys alone");
      page.tabTo("#matches li");
      page.press("c");
      await()
          .atMost(LIMIT)
          .until(() -> service.get("/v1/verdicts").contentUtf8().contains("keys alone"));
      page.press("j", "x", "w");
      await().atMost(LIMIT).until(() -> page.text("#why-list").contains("Fingerprints"));
      page.press(Keys.ESCAPE);
      await().atMost(LIMIT).until(() -> !page.visible("#why"));
      page.press("d");
      await().atMost(LIMIT).until(() -> page.count("#matches li[data-verdict=DISMISSED]") == 1);
      page.press("u");
      await().atMost(LIMIT).until(() -> page.count("#matches li[data-verdict=DISMISSED]") == 0);
      assertThat(page.policyViolations()).isEmpty();
    }
  }

  @Test
  void thePageIsLightAndSoonThere() throws Exception {
    double soonest = Double.MAX_VALUE;
    try (Page page = Page.inBrowser(directory.resolve("fast"))) {
      for (int load = 0; load < 5; load++) {
        // Each load of another address is one without a cache of the page itself.
        page.open("about:blank");
        page.open("http://" + service.query.address() + "/?load=" + load);
        await().atMost(LIMIT).until(() -> page.text("#health").startsWith("Ready"));
        double paint = page.number(FIRST_PAINT);
        double bytes = page.number(BYTES);
        System.out.printf(
            "AccessibilityIT load %d: first paint with content %.0f ms, status known %.0f ms, %.0f kB before pictures%n",
            load, paint, page.number(STATUS_KNOWN), bytes / 1000);
        assertThat(bytes).isBetween(50_000.0, 300_000.0);
        soonest = Math.min(soonest, paint);
      }
    }
    assertThat(soonest).isPositive().isLessThan(1000);
  }

  private static final String FIRST_PAINT =
      "return performance.getEntriesByName('first-contentful-paint')[0].startTime";

  private static final String STATUS_KNOWN =
      "return performance.getEntriesByType('resource').find(({name}) => name.endsWith('/v1/status')).responseEnd";

  /// Markup, styles, scripts and answers, as they are when they are unpacked.
  private static final String BYTES =
      """
      return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter(({initiatorType}) => initiatorType !== 'img')
        .reduce((sum, {decodedBodySize}) => sum + decodedBodySize, 0)
      """;
}

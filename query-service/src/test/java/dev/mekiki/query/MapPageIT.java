package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/// The map of hash centers in a browser, over everything real.
class MapPageIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String EVIL = "evil <img src=x onerror=alert(1)>.jpg";
  private static final int IMAGES = 40;

  @TempDir static Path directory;

  private static WholeService service;

  @BeforeAll
  static void start() throws Exception {
    service = new WholeService(directory);
    put(EVIL, 1000);
    for (int i = 0; i < IMAGES; i++) {
      put("picture/%d.jpg".formatted(i), i);
    }
    await().atMost(LIMIT).until(() -> service.status().getImages() == IMAGES + 1);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static void put(String id, int seed) throws Exception {
    assertThat(service.put(id, Pictures.jpeg(seed, 0.9f)).status()).isEqualTo(HttpStatus.OK);
  }

  @Test
  void centersAreSeenNamedAndOpened() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser"))) {
      page.open("http://" + service.query.address() + "/#map");
      await().atMost(LIMIT).until(() -> state(page).equals("arranged"));
      assertThat(page.text("#map-summary")).matches("4[12] images near \\d+ of 100 centers\\.");
      assertThat(page.paintedPixels("#map-canvas")).isGreaterThan(2_000);

      // By keyboard: the largest center first, then to its neighbours.
      page.focus("#map-canvas");
      page.press(Keys.HOME);
      await().atMost(LIMIT).until(() -> page.text("#map-now").contains("image"));
      String largest = page.text("#map-now");
      page.press(Keys.ARROW_LEFT);
      if (page.text("#map-now").equals(largest)) {
        page.press(Keys.ARROW_RIGHT);
      }
      assertThat(page.text("#map-now")).isNotEqualTo(largest).contains("partition");
      page.press(Keys.HOME);
      page.screenshot("map");
      page.press(Keys.ENTER);
      await().atMost(LIMIT).until(() -> page.count("#map-hits li") > 0);
      long listed = Long.parseLong(largest.replaceFirst(".* · (\\d+) images?.*", "$1"));
      assertThat(page.count("#map-hits li")).isEqualTo((int) listed);
      List<Integer> bits =
          page.texts("#map-hits .quiet").stream()
              .map(text -> Integer.valueOf(text.replaceFirst(" .*", "")))
              .toList();
      assertThat(bits).isSorted();
      await().atMost(LIMIT).until(() -> page.loadedPictures("#map-hits img") > 0);
      page.screenshot("map-images");
      page.click("#map-close");

      // With the pointer: some place of the canvas has a center, which has a name and opens.
      page.focus("#map-find");
      page.press("zzzz");
      assertThat(page.text("#map-now")).isEqualTo("No label has this in it.");
      await().atMost(LIMIT).until(() -> page.hover("#map-canvas", MapPageIT::isNamed));
      page.clickHere();
      await().atMost(LIMIT).until(() -> page.visible("#map-images"));
      assertThat(page.policyViolations()).isEmpty();
    }
  }

  private static boolean isNamed(Page page) {
    return page.text("#map-now").contains("partition");
  }

  private static String state(Page page) {
    return String.valueOf(page.attribute("#map-canvas", "data-state"));
  }

  @Test
  void arrivalsAndMatchesAreSeen() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("live browser"))) {
      page.dark();
      page.open("http://" + service.query.address() + "/#map");
      await().atMost(LIMIT).until(() -> state(page).equals("arranged"));
      await().atMost(LIMIT).until(() -> page.text("#feed").equals("live"));
      String before = page.text("#map-summary");
      long images = service.status().getImages();
      put("again/evil.jpg", 1000);
      await().atMost(LIMIT).until(() -> "1".equals(page.attribute("#map-canvas", "data-matches")));
      page.screenshot("map-dark");
      await().atMost(LIMIT).until(() -> !page.text("#map-summary").equals(before));
      assertThat(page.text("#map-summary")).startsWith(images + 1 + " images");

      // The hostile id is listed as it is.
      String label = evilLabel();
      page.type("#map-find", label);
      await().atMost(LIMIT).until(() -> page.text("#map-now").startsWith(label));
      page.press(Keys.ENTER);
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(page.texts("#map-hits .id")).contains(EVIL));
      assertThat(page.policyViolations()).isEmpty();
    }
  }

  private static String evilLabel() {
    String id = URLEncoder.encode(EVIL, StandardCharsets.UTF_8);
    String image = service.get("/v1/images?id=" + id).contentUtf8();
    return image.replaceFirst("(?s).*\"centerLabel\":\"([^\"]*)\".*", "$1");
  }

  @Test
  void itFitsANarrowWindow() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("narrow browser"))) {
      page.width(360);
      page.open("http://" + service.query.address() + "/#map");
      await().atMost(LIMIT).until(() -> state(page).equals("arranged"));
      page.focus("#map-canvas");
      page.press(Keys.HOME, Keys.ENTER);
      await().atMost(LIMIT).until(() -> page.count("#map-hits li") > 0);
      assertThat(page.isWiderThanWindow()).isFalse();
      page.screenshot("map-narrow");
    }
  }
}

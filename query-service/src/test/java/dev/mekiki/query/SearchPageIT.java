package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.mekiki.runtime.server.ClientAccess;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/// The search in a browser, over everything real.
class SearchPageIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String EVIL = "evil <img src=x onerror=alert(1)>.jpg";
  private static final int IMAGES = 24;

  @TempDir static Path directory;

  private static WholeService service;

  @BeforeAll
  static void start() throws Exception {
    service =
        new WholeService(
            directory,
            ClientAccess.NONE,
            Map.of(),
            Map.of("mekiki.index.filterable-metadata", "shelf,colour"));
    for (int i = 0; i < IMAGES; i++) {
      put("picture/%d.jpg".formatted(i), i, "shelf " + i % 3);
    }
    put(EVIL, 77, "<b>bold</b>");
    await().atMost(LIMIT).until(() -> service.status().getImages() == IMAGES + 1);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static void put(String id, int seed, String shelf) throws IOException {
    String path =
        "/v1/images?id=%s&metadata.shelf=%s"
            .formatted(
                URLEncoder.encode(id, StandardCharsets.UTF_8),
                URLEncoder.encode(shelf, StandardCharsets.UTF_8));
    assertThat(
            service.send(HttpMethod.PUT, path, MediaType.JPEG, Pictures.jpeg(seed, 0.9f)).status())
        .isEqualTo(HttpStatus.OK);
  }

  private static Path picture(int seed) throws IOException {
    return Files.write(
        directory.resolve("query %d.jpg".formatted(seed)), Pictures.jpeg(seed, 0.6f));
  }

  @Test
  void slidersAndFiltersChooseAmongWhatWasFound() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser"))) {
      page.open("http://" + service.query.address() + "/");
      await().atMost(LIMIT).until(() -> page.count("#search-metadata input") == 2);
      page.choose("#file", picture(3));
      await().atMost(LIMIT).until(() -> hits(page) == 10);
      assertThat(page.texts("#results .hits .id").getFirst()).isEqualTo("picture/3.jpg");
      assertThat(page.text("#results .hits li .facts")).matches("near \".+\", .*(ago|now)");
      assertThat(page.text("#results .hits li .metadata")).isEqualTo("shelf: shelf 0");
      await().atMost(LIMIT).until(() -> page.loadedPictures("#results .hits img") >= 5);
      page.screenshot("search-one");

      // The sliders answer at once, without the service.
      page.focus("#k");
      page.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
      assertThat(hits(page)).isEqualTo(12);
      assertThat(page.text("#k-value")).isEqualTo("12");
      page.press(Keys.HOME);
      assertThat(hits(page)).isEqualTo(1);
      page.press(Keys.END);
      assertThat(hits(page)).isEqualTo(IMAGES + 1);
      assertThat(page.text("#radius-value")).isEqualTo("any");
      int code = distance(page, 0);
      page.focus("#radius");
      page.press(Keys.HOME);
      assertThat(page.text("#radius-value")).isEqualTo("0");
      for (int i = 0; i < code; i++) {
        page.press(Keys.ARROW_RIGHT);
      }
      assertThat(hits(page)).isPositive().isLessThan(IMAGES);
      assertThat(distance(page, hits(page) - 1)).isLessThanOrEqualTo(code);
      page.press(Keys.END);

      // Metadata is asked of the service; the label chooses among what was found.
      page.type("#search-metadata [name=shelf]", "shelf 1");
      await().atMost(LIMIT).until(() -> hits(page) == IMAGES / 3);
      assertThat(page.texts("#results .hits .metadata")).containsOnly("shelf: shelf 1");
      String near = page.text("#results .hits li .facts").replaceFirst("near \"(.+)\".*", "$1");
      page.click("#search-label option[value='%s']".formatted(near));
      assertThat(page.texts("#results .hits .facts"))
          .isNotEmpty()
          .allMatch(text -> text.startsWith("near \"" + near + "\""));
      assertThat(page.policyViolations()).isEmpty();
    }
  }

  private static int hits(Page page) {
    return page.count("#results .hits li");
  }

  private static int distance(Page page, int hit) {
    return Integer.parseInt(
        page.texts("#results .hits li .distances:not(.metadata) span:nth-of-type(1)")
            .get(hit)
            .replace("code ", ""));
  }

  @Test
  void severalPicturesHaveARowEachAndHitsAreExplained() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser of several"))) {
      page.open("http://" + service.query.address() + "/");
      Path text = Files.writeString(directory.resolve("no picture.jpg"), "no picture at all");
      page.choose("#file", picture(5), text, picture(77));
      await().atMost(LIMIT).until(() -> page.count("#results .found") == 3);
      await().atMost(LIMIT).until(() -> hits(page) == 20);
      await().atMost(LIMIT).until(() -> page.visible("#results .found:nth-child(2) .problem"));
      assertThat(page.texts("#results .query-name"))
          .containsExactly("query 5.jpg", "no picture.jpg", "query 77.jpg");
      assertThat(page.texts("#results .found:nth-child(1) .hits .id")).startsWith("picture/5.jpg");
      assertThat(page.texts("#results .found:nth-child(3) .hits .id")).startsWith(EVIL);
      assertThat(page.texts("#results .found:nth-child(3) .hits .metadata"))
          .startsWith("shelf: <b>bold</b>");
      await().atMost(LIMIT).until(() -> page.loadedPictures("#results .hits img") >= 10);
      page.screenshot("search-several");

      page.click("#results .found:nth-child(3) .hits li:first-child .small");
      await().atMost(LIMIT).until(() -> page.text("#why-list").contains("Fingerprints"));
      assertThat(page.text("#why-pictures .earlier .id")).isEqualTo(EVIL);
      assertThat(page.count("#why-codes .strip")).isEqualTo(2);
      await().atMost(LIMIT).until(() -> page.loadedPictures("#why-pictures img") == 2);
      page.screenshot("search-why");
      page.press(Keys.ESCAPE);

      // From one that was found, by its id.
      page.type("#search-id", "picture/5.jpg");
      page.press(Keys.ENTER);
      await().atMost(LIMIT).until(() -> page.count("#results .found") == 1);
      await().atMost(LIMIT).until(() -> hits(page) == 10);
      page.click("#results .hits li .small");
      await().atMost(LIMIT).until(() -> page.text("#why-list").contains("Fingerprints"));
      page.press(Keys.ESCAPE);
      assertThat(page.policyViolations()).isEmpty();
    }
  }

  @Test
  void itFitsANarrowWindow() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("narrow browser"))) {
      page.dark();
      page.width(360);
      page.open("http://" + service.query.address() + "/");
      await().atMost(LIMIT).until(() -> page.count("#search-metadata input") == 2);
      page.choose("#file", picture(1), picture(2));
      await().atMost(LIMIT).until(() -> hits(page) == 20);
      await().atMost(LIMIT).until(() -> page.loadedPictures("#results .hits img") >= 4);
      assertThat(page.isWiderThanWindow()).isFalse();
      page.focus("#results .hits .small");
      page.screenshot("search-narrow");
    }
  }

  @Test
  void moreThanItTakesAreSaidToBeLeftOut() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser of many"))) {
      page.open("http://" + service.query.address() + "/");
      Path[] pictures = new Path[22];
      for (int i = 0; i < pictures.length; i++) {
        pictures[i] = picture(i);
      }
      page.choose("#file", pictures);
      await().atMost(LIMIT).until(() -> page.visible("#search-note"));
      assertThat(page.text("#search-note"))
          .isEqualTo("The first 20 pictures are searched for, 2 are left out.");
      await().atMost(LIMIT).until(() -> hits(page) == 200);
    }
  }
}

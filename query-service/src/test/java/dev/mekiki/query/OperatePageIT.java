package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the page shows to who operates the service, over everything real.
class OperatePageIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String EVIL = "evil <script>alert(1)</script>";

  @TempDir static Path directory;

  private static WholeService service;

  @BeforeAll
  static void start() throws Exception {
    service = new WholeService(directory);
    assertThat(service.put(EVIL, Pictures.jpeg(3, 0.9f)).status()).isEqualTo(HttpStatus.OK);
    await()
        .atMost(LIMIT)
        .until(() ->
            service
                .get("/v1/images?id=evil%20%3Cscript%3Ealert(1)%3C/script%3E")
                .status()
                .equals(HttpStatus.OK));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void whatRunsIsSeenAndMutesAndRematchesAreDecided() throws Exception {
    try (Page page = Page.inBrowser(directory.resolve("browser"))) {
      page.open("http://" + service.query.address() + "/#operate");
      await().atMost(LIMIT).until(() -> page.count("#partitions tbody tr") == 4);
      assertThat(page.count("#partitions .missing")).isZero();
      assertThat(page.text("#partitions td")).isEqualTo(service.index.address());
      await().atMost(LIMIT).until(() -> page.text("#rematch").contains("rematch"));
      assertThat(page.visible("#no-mutes")).isTrue();
      assertThat(page.visible("#no-quarantine")).isTrue();

      // A mute without what it mutes says what is missing.
      page.click("#mute button");
      await().atMost(LIMIT).until(() -> page.visible("#operate-problem"));
      assertThat(page.text("#operate-problem")).startsWith("Choose a picture");

      page.type("#mute-id", EVIL);
      page.type("#mute-reason", "our logo");
      page.click("#mute button");
      await().atMost(LIMIT).until(() -> page.count("#mutes li") == 1);
      assertThat(page.text("#mutes li .id")).isEqualTo(EVIL);
      assertThat(page.text("#mutes li .quiet")).startsWith("our logo");

      Path file = directory.resolve("muted.jpg");
      Files.write(file, Pictures.jpeg(5, 0.9f));
      page.choose("#mute-file", file);
      page.click("#mute button");
      await().atMost(LIMIT).until(() -> page.count("#mutes li") == 2);
      page.screenshot("operate");
      page.click("#mutes li button:not(.id)");
      await().atMost(LIMIT).until(() -> page.count("#mutes li") == 1);

      page.click("#rematch-start .primary");
      await().atMost(LIMIT).until(() -> page.text("#rematch").startsWith("done"));
      assertThat(page.visible("#rematch-cancel")).isFalse();
      assertThat(page.policyViolations()).isEmpty();
    }
  }
}

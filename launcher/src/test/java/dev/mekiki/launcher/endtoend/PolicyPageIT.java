package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The commands of `docs/policy.md` about mutes, verdicts, tenants and rematches, one after another
/// as they stand there, and what the page promises of them.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes half a minute; run with -Dmekiki.tests.long=true")
class PolicyPageIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir private Path data;

  private final List<String> commands = new ArrayList<>();
  private InProcess mekiki;
  private int markers;

  @BeforeEach
  void start() throws InterruptedException {
    mekiki = new InProcess(data.resolve("mekiki"), Map.of());
  }

  @AfterEach
  void stop() {
    mekiki.close();
  }

  @Test
  void commandsDoWhatThePageSays() throws Exception {
    readPage();
    List<byte[]> photos = photos();
    byte[] logo = photos.get(0);
    byte[] series = photos.get(1);
    byte[] placeholder = photos.get(2);
    Files.write(data.resolve("placeholder.png"), placeholder);
    put("shop/4711.jpg", logo);
    put("shop/4712.jpg", series);
    put("shop/4713.jpg", copy(series, 1));
    put("shop/4714.jpg", copy(series, 2));
    awaitMatch("shop/4713.jpg", "shop/4712.jpg");
    awaitMatch("shop/4714.jpg", "shop/4713.jpg");

    runUntil("mekiki mute list");
    put("copies/logo.jpg", copy(logo, 1));
    put("copies/placeholder.jpg", copy(placeholder, 1));
    put("copies/placeholder-again.jpg", copy(placeholder, 2));
    awaitMarker(photos.get(3));
    assertThat(matchesOf("copies/")).isEmpty();

    runUntil("mekiki mute remove image/shop/4711.jpg");
    put("later/logo.jpg", copy(logo, 2));
    awaitMatch("later/logo.jpg", "shop/4711.jpg");

    runUntil("mekiki review list");
    put("again/4713.jpg", copy(series, 1));
    awaitMatch("again/4713.jpg", "shop/4713.jpg");
    awaitMatch("again/4713.jpg", "shop/4714.jpg");
    awaitMarker(photos.get(4));
    assertThat(matchesOf("again/"))
        .extracting(match -> match.getEarlier().getId())
        .doesNotContain("shop/4712.jpg");

    runUntil("mekiki review withdraw shop/4712.jpg shop/4713.jpg");
    put("once-more/4713.jpg", copy(series, 1));
    awaitMatch("once-more/4713.jpg", "shop/4712.jpg");

    runUntil("mekiki tenant reset shop");
    assertThat(Files.readString(data.resolve("review/review.svg"))).startsWith("<svg");

    List<Match> before = matchesOf("");
    assertThat(pairs(before)).doesNotContain(Set.of("copies/logo.jpg", "shop/4711.jpg"));
    runUntil("mekiki rematch");
    List<Match> after = matchesOf("");
    assertThat(pairs(after))
        .containsAll(pairs(before))
        .contains(
            Set.of("copies/logo.jpg", "shop/4711.jpg"), Set.of("again/4713.jpg", "shop/4712.jpg"))
        .doesNotContain(Set.of("copies/placeholder.jpg", "copies/placeholder-again.jpg"))
        .doesNotHaveDuplicates();
    runUntil("mekiki rematch status");
    assertThat(matchesOf("")).hasSameSizeAs(after);
    assertThat(commands).isEmpty();
  }

  private static List<byte[]> photos() throws IOException {
    SampleSet samples = TestPictures.photos(40, 5);
    List<byte[]> photos = new ArrayList<>();
    for (SamplePicture picture : samples.pictures()) {
      if (picture.isOriginal()) {
        photos.add(samples.bytes(picture));
      }
    }
    return photos;
  }

  /// The commands between the headings that this test is about.
  private void readPage() throws IOException {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"));
    Set<String> sections =
        Set.of("## Mutes", "## Verdicts", "## Thresholds of a tenant", "## Rematch");
    boolean reads = false;
    for (String line : Files.readAllLines(root.resolve("docs/policy.md"))) {
      if (line.startsWith("## ")) {
        reads = sections.contains(line);
      }
      if (reads && line.startsWith("    mekiki ")) {
        commands.add(line.strip());
      }
    }
    assertThat(commands).hasSizeGreaterThan(8);
  }

  private void runUntil(String last) {
    String command;
    do {
      assertThat(commands).as("commands up to: %s", last).isNotEmpty();
      command = commands.removeFirst();
      List<String> words = new ArrayList<>();
      Matcher word = WORD.matcher(command.substring("mekiki ".length()));
      while (word.find()) {
        words.add(word.group(1) == null ? word.group(2) : word.group(1));
      }
      for (String option : List.of("--file", "--output")) {
        int at = words.indexOf(option);
        if (at > 0) {
          words.set(at + 1, data.resolve(words.get(at + 1)).toString());
        }
      }
      words.addAll(List.of("--server", mekiki.server()));
      Execution result = Execution.of(words.toArray(String[]::new));
      assertThat(result.exitCode()).as("%s: %s", command, result.err()).isEqualTo(ExitCode.OK);
    } while (!command.equals(last));
  }

  private void put(String id, byte[] image) {
    var _ = mekiki.api().put(id, image, Map.of(), false);
  }

  /// Whatever was sent before has made its events, too, once this pair has made one: nearly, for
  /// partitions progress independently. Two pairs in a row leave them the time.
  private void awaitMarker(byte[] photo) throws IOException {
    for (int i = 0; i < 2; i++) {
      String first = "marker/" + markers++;
      String second = "marker/" + markers++;
      put(first, copy(photo, 3 + i));
      put(second, copy(photo, 3 + i));
      awaitMatch(second, first);
    }
  }

  private void awaitMatch(String later, String earlier) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(matchesOf(""))
                .extracting(match -> Set.of(match.getLater().getId(), match.getEarlier().getId()))
                .contains(Set.of(later, earlier)));
  }

  private static List<Set<String>> pairs(List<Match> matches) {
    return matches.stream()
        .map(match -> Set.of(match.getLater().getId(), match.getEarlier().getId()))
        .toList();
  }

  /// Matches so far of which one image's id begins so.
  private List<Match> matchesOf(String prefix) {
    List<Match> found = new ArrayList<>();
    mekiki
        .api()
        .matches(
            StreamMatchesRequest.newBuilder().setFromBeginning(true).setEndAtPresent(true).build())
        .forEachRemaining(match -> {
          if (match.getLater().getId().startsWith(prefix)
              || match.getEarlier().getId().startsWith(prefix)) {
            found.add(match);
          }
        });
    return found;
  }

  /// A copy that has other bytes: a little smaller.
  private static byte[] copy(byte[] image, int number) throws IOException {
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(image));
    int width = picture.getWidth() - 8 * number;
    int height = picture.getHeight() - 8 * number;
    BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = smaller.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(picture, 0, 0, width, height, null);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(smaller, "jpg", bytes);
    return bytes.toByteArray();
  }
}

package dev.mekiki.launcher.endtoend;

import static dev.mekiki.launcher.endtoend.TestPictures.file;
import static dev.mekiki.launcher.endtoend.TestPictures.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Copies that no hash of the whole picture can see, through the whole of Mekiki: from `images` to
/// events.
class CopiesIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PHOTOS = 12;

  /// Pixels.
  private static final int SMALL_WIDTH = 32;

  private static final Map<String, String> ON =
      Map.of("mekiki.match.copies", "on", "mekiki.topics.landmark-partitions", "2");

  @TempDir private Path data;

  @Test
  void partsOfPicturesAreReportedAsCopiesOnce() throws Exception {
    List<byte[]> photos = TestPictures.originals(200, PHOTOS);
    try (InProcess mekiki = new InProcess(data, ON);
        MatchLog matches = new MatchLog(mekiki.bootstrapServers())) {
      for (int i = 0; i < photos.size(); i++) {
        mekiki.api().put("photo-" + i, photos.get(i), Map.of(), false);
      }
      await().atMost(LIMIT).until(() -> mekiki.api().status().getImages() >= photos.size());
      List<Match> before = matches.readUntilQuiet();
      assertThat(before).extracting(Match::getDecidedBy).doesNotContain(DecidedBy.ALIGNMENT);

      BufferedImage photo = picture(photos.get(3));
      int width = photo.getWidth();
      int height = photo.getHeight();
      mekiki
          .api()
          .put(
              "crop",
              file(photo.getSubimage(width / 8, height / 8, width * 3 / 4, height * 3 / 4)),
              Map.of(),
              false);
      mekiki.api().put("turned", file(turned(picture(photos.get(1)))), Map.of(), false);

      Match crop = awaitCopy(matches, "crop", "photo-3");
      assertThat(crop.getKind()).isEqualTo(MatchKind.DUPLICATE);
      assertThat(crop.getAlignment().getScale()).isCloseTo(1, within(0.06));
      assertThat(crop.getAlignment().getRotation()).isCloseTo(0, within(2.0));
      assertThat(crop.getAlignment().getMirrored()).isFalse();
      assertThat(crop.getAlignment().getOverlapOfLater()).isGreaterThan(90);
      assertThat(crop.getAlignment().getOverlapOfEarlier()).isBetween(45.0, 68.0);
      assertThat(crop.getAlignment().getInEarlier().getLeft()).isCloseTo(0.125, within(0.04));
      assertThat(crop.getAlignment().getInEarlier().getBottom()).isCloseTo(0.875, within(0.04));
      assertThat(crop.getExplanation()).contains("% of the later picture");
      Match turned = awaitCopy(matches, "turned", "photo-1");
      assertThat(Math.abs(turned.getAlignment().getRotation())).isCloseTo(25, within(2.0));

      // The same bytes again, and the same picture under another id.
      mekiki.api().put("crop", file(photo), Map.of(), false);
      List<Match> all = matches.readUntilQuiet();
      assertThat(all).extracting(Match::getEventId).doesNotHaveDuplicates();
      assertThat(all.stream().filter(match -> match.getDecidedBy() == DecidedBy.ALIGNMENT))
          .allSatisfy(match ->
              assertThat(match.getLater().getId() + match.getEarlier().getId())
                  .isIn("cropphoto-3", "turnedphoto-1"));
    }
    // What was stored is found after a restart, and nothing is reported again.
    try (InProcess mekiki = new InProcess(data, ON);
        MatchLog matches = new MatchLog(mekiki.bootstrapServers())) {
      mekiki.api().put("turned-2", file(turned(picture(photos.get(2)))), Map.of(), false);

      awaitCopy(matches, "turned-2", "photo-2");
      assertThat(matches.readUntilQuiet()).extracting(Match::getEventId).doesNotHaveDuplicates();
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "mekiki.tests.long",
      matches = "true",
      disabledReason = "takes some time; run with -Dmekiki.tests.long=true")
  void copiesOfImagesThatWereThereBeforeAreFoundOnceItIsSwitchedOn() throws Exception {
    List<byte[]> photos = TestPictures.originals(200, PHOTOS);
    try (InProcess off = new InProcess(data, Map.of())) {
      for (int i = 0; i < photos.size(); i++) {
        off.api().put("photo-" + i, photos.get(i), Map.of(), false);
      }
      off.api().delete("photo-1");
      await().atMost(LIMIT).until(() -> off.api().status().getImages() == photos.size() - 1);
    }
    Map<String, String> change = new HashMap<>(ON);
    change.put("mekiki.match.change", "true");
    try (InProcess on = new InProcess(data, change);
        MatchLog matches = new MatchLog(on.bootstrapServers())) {
      BufferedImage photo = picture(photos.getFirst());
      on.api()
          .put(
              "crop",
              file(photo.getSubimage(0, 0, photo.getWidth() * 2 / 3, photo.getHeight() * 3 / 4)),
              Map.of(),
              false);
      on.api().put("turned", file(turned(picture(photos.get(1)))), Map.of(), false);
      on.api().put("turned-too", file(turned(picture(photos.get(2)))), Map.of(), false);

      awaitCopy(matches, "crop", "photo-0");
      awaitCopy(matches, "turned-too", "photo-2");
      assertThat(matches.readUntilQuiet())
          .noneMatch(match -> match.getLater().getId().equals("turned"));
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "mekiki.tests.long",
      matches = "true",
      disabledReason = "takes some time; run with -Dmekiki.tests.long=true")
  void turnedAndFramedPicturesWithoutCommonLandmarksAreFound() throws Exception {
    assumeThat(TestPictures.arePhotos()).as("photos").isTrue();
    List<byte[]> photos = TestPictures.originals(200, PHOTOS);
    try (InProcess mekiki = new InProcess(data, ON);
        MatchLog matches = new MatchLog(mekiki.bootstrapServers())) {
      for (int i = 0; i < photos.size(); i++) {
        mekiki.api().put("photo-" + i, photos.get(i), Map.of(), false);
      }
      await().atMost(LIMIT).until(() -> mekiki.api().status().getImages() >= photos.size());

      BufferedImage upright = quarterTurned(small(picture(photos.get(1))));
      mekiki.api().put("upright", file(upright), Map.of(), false);
      mekiki.api().put("framed", file(framed(small(picture(photos.getFirst())))), Map.of(), false);

      Match turned = awaitCopy(matches, "upright", "photo-1");
      assertThat(turned.getAlignment().getEvidence().getVotes()).isZero();
      assertThat(turned.getAlignment().getRotation()).isCloseTo(-90, within(3.0));
      assertThat(turned.getAlignment().getOverlapOfLater()).isGreaterThan(90);
      Match framed = awaitCopy(matches, "framed", "photo-0");
      assertThat(framed.getAlignment().getRotation()).isCloseTo(0, within(3.0));
      assertThat(framed.getAlignment().getOverlapOfLater()).isBetween(30.0, 60.0);
      assertThat(matches.readUntilQuiet())
          .extracting(match -> match.getLater().getId() + match.getEarlier().getId())
          .isSubsetOf("uprightphoto-1", "framedphoto-0");
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "mekiki.tests.long",
      matches = "true",
      disabledReason = "takes some time; run with -Dmekiki.tests.long=true")
  void picturesWithoutFeaturesAreNoCopies() throws Exception {
    try (InProcess mekiki = new InProcess(data, ON);
        MatchLog matches = new MatchLog(mekiki.bootstrapServers())) {
      Map<String, byte[]> featureless = new TreeMap<>();
      featureless.put("black", png(flat(Color.BLACK, 200)));
      featureless.put("blue", png(flat(Color.BLUE, 1)));
      featureless.put("red", png(flat(Color.RED, 1)));
      if (TestPictures.arePhotos()) {
        featureless.putAll(faint(TestPictures.originals(200, PHOTOS).get(6)));
      }
      for (Map.Entry<String, byte[]> each : featureless.entrySet()) {
        mekiki.api().put(each.getKey(), each.getValue(), Map.of(), false);
      }
      mekiki.api().put("red-again", featureless.get("red"), Map.of(), false);
      await().atMost(LIMIT).until(() -> mekiki.api().status().getImages() > featureless.size());

      List<Match> found = new ArrayList<>();
      await().atMost(LIMIT).until(() -> found.addAll(matches.read()) || !found.isEmpty());
      found.addAll(matches.readUntilQuiet());
      assertThat(found)
          .extracting(match -> Set.of(match.getLater().getId(), match.getEarlier().getId()))
          .containsOnly(Set.of("red", "red-again"));
      assertThat(found).extracting(Match::getKind).containsOnly(MatchKind.EXACT);
      for (String id : featureless.keySet()) {
        assertThat(mekiki.api().image(id).getFeatureless()).as(id).isTrue();
      }
    }
  }

  /// A photo with hardly any contrast, but enough for landmarks and an alignment, and two copies.
  private static Map<String, byte[]> faint(byte[] photo) throws IOException {
    BufferedImage picture = picture(photo);
    int width = picture.getWidth();
    int height = picture.getHeight();
    BufferedImage faint = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    faint.createGraphics().drawImage(picture, new RescaleOp(0.15f, 109, null), 0, 0);
    return Map.of(
        "faint",
        png(faint),
        "faint-cropped",
        png(faint.getSubimage(width / 8, height / 8, width * 3 / 4, height * 3 / 4)),
        "faint-turned",
        png(quarterTurned(faint)));
  }

  private static BufferedImage flat(Color colour, int side) {
    BufferedImage flat = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = flat.createGraphics();
    canvas.setColor(colour);
    canvas.fillRect(0, 0, side, side);
    canvas.dispose();
    return flat;
  }

  private static byte[] png(BufferedImage picture) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", file);
    return file.toByteArray();
  }

  /// So small and soft that landmarks find little.
  private static BufferedImage small(BufferedImage picture) {
    int height = SMALL_WIDTH * picture.getHeight() / picture.getWidth();
    BufferedImage small = new BufferedImage(SMALL_WIDTH, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = small.createGraphics();
    canvas.drawImage(
        picture.getScaledInstance(SMALL_WIDTH, height, Image.SCALE_AREA_AVERAGING), 0, 0, null);
    canvas.dispose();
    return small;
  }

  /// By 90 degrees, clockwise.
  private static BufferedImage quarterTurned(BufferedImage picture) {
    BufferedImage turned =
        new BufferedImage(picture.getHeight(), picture.getWidth(), BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = turned.createGraphics();
    canvas.translate(picture.getHeight(), 0);
    canvas.rotate(Math.PI / 2);
    canvas.drawImage(picture, 0, 0, null);
    canvas.dispose();
    return turned;
  }

  /// In a wide black frame.
  private static BufferedImage framed(BufferedImage picture) {
    int width = picture.getWidth() * 3 / 2;
    int height = picture.getHeight() * 3 / 2;
    BufferedImage framed = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    framed.createGraphics().drawImage(picture, width / 6, height / 6, null);
    return framed;
  }

  private static Match awaitCopy(MatchLog matches, String later, String earlier) {
    List<Match> found = new ArrayList<>();
    await()
        .atMost(LIMIT)
        .until(() -> {
          found.clear();
          matches.read().stream()
              .filter(match -> match.getDecidedBy() == DecidedBy.ALIGNMENT)
              .filter(match ->
                  match.getLater().getId().equals(later)
                      && match.getEarlier().getId().equals(earlier))
              .forEach(found::add);
          return !found.isEmpty();
        });
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  /// By 25 degrees, on white.
  private static BufferedImage turned(BufferedImage picture) {
    int side = (int) Math.hypot(picture.getWidth(), picture.getHeight());
    BufferedImage turned = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = turned.createGraphics();
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, side, side);
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    AffineTransform map = AffineTransform.getTranslateInstance(side / 2.0, side / 2.0);
    map.rotate(Math.toRadians(25));
    map.translate(-picture.getWidth() / 2.0, -picture.getHeight() / 2.0);
    canvas.drawImage(picture, map, null);
    canvas.dispose();
    return turned;
  }
}

package dev.mekiki.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mekiki.encoding.bundle.Bundle;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// How far the built-in network's codes move when a picture is edited; prints the distribution that
/// `docs/network.md` shows. `-Dmekiki.stability.pictures=N` measures more pictures.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes half a minute; run with -Dmekiki.tests.long=true")
final class CodeStabilityTest {
  private static final int PICTURES = Integer.getInteger("mekiki.stability.pictures", 40);
  private static final int MATCH_RADIUS = 8;
  private static final int FINGERPRINT_RADIUS = 31;

  /// Share of pairs of edited copies, the original among them, that must lie within the radius.
  private static final double MIN_SHARE = 0.97;

  @Test
  void codesOfDrawnScenesStayWithinTheMatchRadius() throws Exception {
    List<BufferedImage> scenes = new ArrayList<>();
    for (int i = 0; i < PICTURES; i++) {
      scenes.add(TestImages.scene(5_000 + i, 400 + i % 7 * 40, 300 + i % 5 * 40));
    }

    assertThat(measure("drawn scenes", scenes)).isGreaterThanOrEqualTo(MIN_SHARE);
  }

  @Test
  void codesOfPhotosStayWithinTheMatchRadius() throws Exception {
    Optional<Path> shared = TestImages.shared("data/photos");
    assumeTrue(shared.isPresent(), "no shared data: set MEKIKI_SHARED to measure on photos");
    List<BufferedImage> photos = new ArrayList<>();
    try (Stream<Path> files = Files.list(shared.orElseThrow())) {
      for (Path file : files.sorted().limit(PICTURES).toList()) {
        photos.add(ImageIO.read(file.toFile()));
      }
    }

    assertThat(measure("photos", photos)).isGreaterThanOrEqualTo(MIN_SHARE);
  }

  /// Prints how many bits each edit moves.
  ///
  /// @return share of the pairs of copies of one picture whose codes lie within the match radius
  private static double measure(String name, List<BufferedImage> pictures) throws Exception {
    List<Edit> edits = List.of(Edit.values());
    Map<Edit, List<Integer>> moved = new EnumMap<>(Edit.class);
    List<EncodedImage> originals = new ArrayList<>();
    int pairs = 0;
    int within = 0;
    int found = 0;
    try (ImageEncoder encoder =
        ImageEncoder.open(
            Bundle.builtIn(), new EncoderSettings("cpu", 1, 16 << 20, 100_000_000, 0))) {
      for (BufferedImage picture : pictures) {
        List<PreparedImage> prepared = new ArrayList<>();
        for (Edit edit : edits) {
          prepared.add(encoder.prepare(edit.file(picture)));
        }
        List<EncodedImage> copies = encoder.encode(prepared);
        originals.add(copies.getFirst());
        for (int i = 0; i < copies.size(); i++) {
          EncodedImage copy = copies.get(i);
          moved
              .computeIfAbsent(edits.get(i), key -> new ArrayList<>())
              .add(copy.code().distance(copies.getFirst().code()));
          for (EncodedImage other : copies.subList(0, i)) {
            boolean near = copy.code().distance(other.code()) <= MATCH_RADIUS;
            pairs++;
            within += near ? 1 : 0;
            found +=
                near && copy.fingerprint().distance(other.fingerprint()) <= FINGERPRINT_RADIUS
                    ? 1
                    : 0;
          }
        }
      }
    }
    print(name, moved, originals);
    System.out.printf(
        "%s: %d pairs of copies, codes within %d: %.2f %%, fingerprints within %d too: %.2f %%%n",
        name,
        pairs,
        MATCH_RADIUS,
        100.0 * within / pairs,
        FINGERPRINT_RADIUS,
        100.0 * found / pairs);
    return (double) within / pairs;
  }

  private static void print(
      String name, Map<Edit, List<Integer>> moved, List<EncodedImage> originals) {
    System.out.printf("%s: bits moved of 64, over %d pictures%n", name, originals.size());
    System.out.printf("%-12s %6s %6s %6s %6s%n", "edit", "mean", "p90", "p99", "max");
    for (Map.Entry<Edit, List<Integer>> entry : moved.entrySet()) {
      List<Integer> sorted = entry.getValue().stream().sorted().toList();
      System.out.printf(
          "%-12s %6.2f %6d %6d %6d%n",
          entry.getKey(),
          sorted.stream().mapToInt(Integer::intValue).average().orElseThrow(),
          sorted.get((sorted.size() - 1) * 90 / 100),
          sorted.get((sorted.size() - 1) * 99 / 100),
          sorted.getLast());
    }
    List<Integer> unrelated = new ArrayList<>();
    for (int i = 0; i < originals.size(); i++) {
      for (int j = 0; j < i; j++) {
        unrelated.add(originals.get(i).code().distance(originals.get(j).code()));
      }
    }
    Collections.sort(unrelated);
    System.out.printf(
        "%-12s mean %.1f, 1st percentile %d, within %d: %.3f %%%n",
        "unrelated",
        unrelated.stream().mapToInt(Integer::intValue).average().orElseThrow(),
        unrelated.get(unrelated.size() / 100),
        MATCH_RADIUS,
        100.0 * unrelated.stream().filter(d -> d <= MATCH_RADIUS).count() / unrelated.size());
  }

  /// What copies of pictures undergo.
  private enum Edit {
    ORIGINAL,
    HALF_SIZE,
    SIZE_70,
    SIZE_150,
    JPEG_40,
    BRIGHTER_20,
    DARKER_20,
    BLUR_3,
    BLUR_5,
    GREY;

    byte[] file(BufferedImage picture) throws IOException {
      BufferedImage edited =
          switch (this) {
            case ORIGINAL, JPEG_40 -> scaled(picture, 1);
            case HALF_SIZE -> scaled(picture, 0.5);
            case SIZE_70 -> scaled(picture, 0.7);
            case SIZE_150 -> scaled(picture, 1.5);
            case BRIGHTER_20 -> recoloured(picture, 1.2, false);
            case DARKER_20 -> recoloured(picture, 0.8, false);
            case BLUR_3 -> blurred(scaled(picture, 1), 3);
            case BLUR_5 -> blurred(scaled(picture, 1), 5);
            case GREY -> recoloured(picture, 1, true);
          };
      return TestImages.jpeg(edited, this == JPEG_40 ? 0.4f : 0.9f);
    }

    private static BufferedImage scaled(BufferedImage picture, double factor) {
      int width = (int) Math.round(picture.getWidth() * factor);
      int height = (int) Math.round(picture.getHeight() * factor);
      BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = scaled.createGraphics();
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      graphics.drawImage(picture, 0, 0, width, height, null);
      graphics.dispose();
      return scaled;
    }

    private static BufferedImage recoloured(BufferedImage picture, double factor, boolean grey) {
      BufferedImage recoloured =
          new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < picture.getHeight(); y++) {
        for (int x = 0; x < picture.getWidth(); x++) {
          int rgb = picture.getRGB(x, y);
          int red = (int) Math.min(255, (rgb >> 16 & 0xFF) * factor);
          int green = (int) Math.min(255, (rgb >> 8 & 0xFF) * factor);
          int blue = (int) Math.min(255, (rgb & 0xFF) * factor);
          int luma = (int) Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
          recoloured.setRGB(x, y, grey ? luma * 0x010101 : red << 16 | green << 8 | blue);
        }
      }
      return recoloured;
    }

    private static BufferedImage blurred(BufferedImage picture, int side) {
      float[] weights = new float[side * side];
      Arrays.fill(weights, 1f / weights.length);
      return new ConvolveOp(new Kernel(side, side, weights), ConvolveOp.EDGE_NO_OP, null)
          .filter(
              picture,
              new BufferedImage(
                  picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB));
    }
  }
}

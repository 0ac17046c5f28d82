package dev.mekiki.hashing.pdq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.SharedData;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.awt.image.RescaleOp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;

/// What the fingerprint radius is worth: which edits leave a copy within it, and how far apart
/// pictures lie that are none.
class EditedCopiesTest {
  /// PDQ's recommended radius.
  private static final int RADIUS = 31;

  private static final int PHOTOS = 60;

  private enum Edit {
    JPEG_QUALITY_40(95),
    HALF_SIZE(95),
    BRIGHTER(95),
    BLURRED(95),
    GREY(95),
    // What another rule must find.
    CROPPED_BY_10_PERCENT(0),
    MIRRORED(0);

    final int leastFoundPercent;

    Edit(int leastFoundPercent) {
      this.leastFoundPercent = leastFoundPercent;
    }

    BufferedImage apply(BufferedImage photo) throws IOException {
      int width = photo.getWidth();
      int height = photo.getHeight();
      return switch (this) {
        case JPEG_QUALITY_40 -> reencoded(photo, 0.4f);
        case HALF_SIZE -> drawn(photo, width / 2, height / 2, BufferedImage.TYPE_INT_RGB);
        case BRIGHTER -> new RescaleOp(1.1f, 20, null).filter(photo, null);
        case BLURRED -> blurred(photo);
        case GREY -> drawn(photo, width, height, BufferedImage.TYPE_BYTE_GRAY);
        case CROPPED_BY_10_PERCENT ->
            photo.getSubimage(width / 20, height / 20, width * 9 / 10, height * 9 / 10);
        case MIRRORED -> {
          BufferedImage mirrored = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
          Graphics2D graphics = mirrored.createGraphics();
          graphics.drawImage(photo, width, 0, -width, height, null);
          graphics.dispose();
          yield mirrored;
        }
      };
    }
  }

  @Test
  void copiesLieWithinTheRadiusAndOtherPhotosOutside() throws IOException {
    Path folder = SharedData.data("photos");
    List<BufferedImage> photos;
    try (Stream<Path> files = Files.list(folder)) {
      photos = files.sorted().limit(PHOTOS).map(EditedCopiesTest::read).toList();
    }
    List<Fingerprint> originals = photos.stream().map(Pictures::fingerprint).toList();

    for (Edit edit : Edit.values()) {
      int[] distances = new int[photos.size()];
      for (int i = 0; i < distances.length; i++) {
        distances[i] = originals.get(i).distance(Pictures.fingerprint(edit.apply(photos.get(i))));
      }
      Arrays.sort(distances);
      long found = Arrays.stream(distances).filter(distance -> distance <= RADIUS).count();
      System.out.printf(
          "copies: edit=%s photos=%d within_%d=%d median=%d max=%d%n",
          edit,
          distances.length,
          RADIUS,
          found,
          distances[distances.length / 2],
          distances[distances.length - 1]);
      assertThat(found * 100)
          .as(edit.name())
          .isGreaterThanOrEqualTo((long) edit.leastFoundPercent * photos.size());
    }

    int nearest = Fingerprint.BITS;
    for (int i = 0; i < originals.size(); i++) {
      for (int j = 0; j < i; j++) {
        nearest = Math.min(nearest, originals.get(i).distance(originals.get(j)));
      }
    }
    System.out.printf("other photos: photos=%d nearest=%d%n", originals.size(), nearest);
    assertThat(nearest).isGreaterThan(RADIUS);
  }

  private static BufferedImage read(Path file) {
    try {
      return drawn(ImageIO.read(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BufferedImage drawn(BufferedImage image) {
    return drawn(image, image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
  }

  private static BufferedImage drawn(BufferedImage image, int width, int height, int type) {
    BufferedImage drawn = new BufferedImage(width, height, type);
    Graphics2D graphics = drawn.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return drawn;
  }

  private static BufferedImage blurred(BufferedImage photo) {
    float[] box = new float[25];
    Arrays.fill(box, 1 / 25f);
    return new ConvolveOp(new Kernel(5, 5, box), ConvolveOp.EDGE_NO_OP, null).filter(photo, null);
  }

  private static BufferedImage reencoded(BufferedImage photo, float quality) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(photo, null, null), settings);
    } finally {
      writer.dispose();
    }
    return drawn(ImageIO.read(new ByteArrayInputStream(bytes.toByteArray())));
  }
}

package dev.mekiki.encoding;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/// Pictures to test with: drawn ones, in any format, and the place of shared photos.
public final class TestImages {
  private TestImages() {}

  /// A drawn picture of shapes on a slope of colours, the same for the same seed.
  public static BufferedImage scene(long seed, int width, int height) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setPaint(
        new GradientPaint(
            0, 0, colour(random), width * random.nextFloat(), height, colour(random)));
    graphics.fillRect(0, 0, width, height);
    int shapes = 4 + random.nextInt(14);
    for (int i = 0; i < shapes; i++) {
      graphics.setColor(colour(random));
      int x = random.nextInt(width);
      int y = random.nextInt(height);
      int w = width / 20 + random.nextInt(width / 3 + 1);
      int h = height / 20 + random.nextInt(height / 3 + 1);
      switch (random.nextInt(4)) {
        case 0 -> graphics.fillRect(x, y, w, h);
        case 1 -> graphics.fillOval(x, y, w, h);
        case 2 ->
            graphics.fillPolygon(
                new int[] {x, x + w, x + w / 3}, new int[] {y, y + h / 2, y + h}, 3);
        default -> {
          graphics.setStroke(new BasicStroke(3 + random.nextInt(12)));
          graphics.drawLine(x, y, random.nextInt(width), random.nextInt(height));
        }
      }
    }
    graphics.dispose();
    return image;
  }

  private static Color colour(Random random) {
    return new Color(random.nextInt(1 << 24));
  }

  /// A file written by ImageIO.
  public static byte[] file(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, bytes)) {
      throw new IOException("no writer for " + format);
    }
    return bytes.toByteArray();
  }

  /// A JPEG of a quality of 0 to 1.
  public static byte[] jpeg(BufferedImage image, float quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    parameters.setCompressionQuality(quality);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /// A directory below the shared data, or empty where there is none.
  public static Optional<Path> shared(String path) {
    String shared = System.getenv("MEKIKI_SHARED");
    String root = System.getProperty("mekiki.root", ".");
    Path base =
        shared != null ? Path.of(shared) : Path.of(root).toAbsolutePath().resolve("../shared");
    return Optional.of(base.resolve(path)).filter(Files::exists);
  }
}

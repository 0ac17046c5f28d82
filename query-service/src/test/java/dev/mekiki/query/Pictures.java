package dev.mekiki.query;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/// Pictures drawn from a seed, the same for the same seed.
public final class Pictures {
  private Pictures() {}

  /// A JPEG of 320 x 240 pixels.
  ///
  /// @param quality of the JPEG, 0 to 1
  public static byte[] jpeg(long seed, float quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream output = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(output);
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(quality);
      writer.write(null, new IIOImage(drawn(seed), null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static BufferedImage drawn(long seed) {
    SplittableRandom random = new SplittableRandom(seed * 7_919 + 3);
    BufferedImage image = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    float hue = random.nextInt(1_000) / 1_000f;
    graphics.setPaint(
        new GradientPaint(
            0,
            0,
            Color.getHSBColor(hue, 0.35f, 0.95f),
            random.nextInt(320),
            240,
            Color.getHSBColor(hue + 0.15f, 0.5f, 0.45f)));
    graphics.fillRect(0, 0, 320, 240);
    int shapes = random.nextInt(4, 9);
    for (int shape = 0; shape < shapes; shape++) {
      graphics.setColor(
          Color.getHSBColor(
              hue + 0.3f + random.nextInt(500) / 1_000f,
              0.4f + random.nextInt(500) / 1_000f,
              0.4f + random.nextInt(600) / 1_000f));
      int x = random.nextInt(-30, 270);
      int y = random.nextInt(-30, 190);
      int width = random.nextInt(30, 150);
      int height = random.nextInt(30, 150);
      switch (random.nextInt(4)) {
        case 0 -> graphics.fillOval(x, y, width, height);
        case 1 -> graphics.fillRoundRect(x, y, width, height, 24, 24);
        case 2 ->
            graphics.fillPolygon(
                new int[] {x, x + width, x + width / 2},
                new int[] {y, y + height / 3, y + height},
                3);
        default -> {
          graphics.setStroke(new BasicStroke(random.nextInt(4, 16)));
          graphics.drawArc(x, y, width, height, random.nextInt(360), random.nextInt(90, 300));
        }
      }
    }
    graphics.dispose();
    return image;
  }
}

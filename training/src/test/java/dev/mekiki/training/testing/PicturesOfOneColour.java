package dev.mekiki.training.testing;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.imageio.ImageIO;

/// PNG files of 40 x 30 pixels.
public final class PicturesOfOneColour {
  private PicturesOfOneColour() {}

  /// Writes a picture, and the directories it lies in.
  public static Path write(Path file, Color colour) throws IOException {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(0, 0, 40, 30);
    graphics.dispose();
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    ImageIO.write(image, "png", file.toFile());
    return file;
  }
}

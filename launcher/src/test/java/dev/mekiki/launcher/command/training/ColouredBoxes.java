package dev.mekiki.launcher.command.training;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/// Pictures in a directory for each class, as `--images` takes them.
final class ColouredBoxes {
  private static final List<String> CLASSES = List.of("red", "green", "<i>blue");
  private static final List<Color> COLOURS = List.of(Color.RED, Color.GREEN, Color.BLUE);

  private ColouredBoxes() {}

  /// Draws ten for each of three classes.
  static void draw(Path directory) throws IOException {
    Random random = new Random(3);
    for (int label = 0; label < CLASSES.size(); label++) {
      Path folder = Files.createDirectories(directory.resolve(CLASSES.get(label)));
      for (int i = 0; i < 10; i++) {
        BufferedImage picture = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(COLOURS.get(label));
        graphics.fillRect(random.nextInt(20), random.nextInt(20), 20, 20);
        graphics.dispose();
        ImageIO.write(picture, "png", folder.resolve(i + ".png").toFile());
      }
    }
  }
}

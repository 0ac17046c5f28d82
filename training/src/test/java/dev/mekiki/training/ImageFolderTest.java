package dev.mekiki.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.preprocess.Preprocessing;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageFolderTest {
  @TempDir private Path directory;

  @Test
  void directoriesAreClassesAndBadFilesAreLeftOut() throws IOException {
    picture("red/deep/a.png", Color.RED);
    picture("blue/b.png", Color.BLUE);
    picture("red/c.png", Color.RED);
    Files.writeString(directory.resolve("red/notes.txt"), "not a picture");

    LabelledImages images = ImageFolder.read(directory, Preprocessing.luma(16));

    assertThat(images.classNames()).containsExactly("blue", "red");
    assertThat(images.labels()).containsExactly(0, 1, 1);
    assertThat(images.side()).isEqualTo(16);
    assertThat(images.pixels().getFirst()).startsWith(0, 0, 255);
    assertThat(images.pixels().getLast()).startsWith(255, 0, 0);
  }

  @Test
  void directoryWithoutClassesIsRefused() throws IOException {
    picture("red/a.png", Color.RED);

    assertThatThrownBy(() -> ImageFolder.read(directory, Preprocessing.luma(16)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has 1 directories (expected: at least 2, one for each class)");
  }

  private void picture(String name, Color colour) throws IOException {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(0, 0, 40, 30);
    graphics.dispose();
    Path file = directory.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    ImageIO.write(image, "png", file.toFile());
  }
}

package dev.mekiki.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.training.testing.PicturesOfOneColour;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageFolderTest {
  @TempDir private Path directory;

  @Test
  void directoriesAreClassesAndBadFilesAreLeftOut() throws IOException {
    PicturesOfOneColour.write(directory.resolve("red/deep/a.png"), Color.RED);
    PicturesOfOneColour.write(directory.resolve("blue/b.png"), Color.BLUE);
    PicturesOfOneColour.write(directory.resolve("red/c.png"), Color.RED);
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
    PicturesOfOneColour.write(directory.resolve("red/a.png"), Color.RED);

    assertThatThrownBy(() -> ImageFolder.read(directory, Preprocessing.luma(16)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has 1 directories (expected: at least 2, one for each class)");
  }
}

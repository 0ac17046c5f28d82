package dev.mekiki.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.preprocess.Luma;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.training.testing.PicturesOfOneColour;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnlabelledImagesTest {
  @TempDir private Path directory;

  @Test
  void filesThatAreNoPicturesAreLeftOutAndTheOthersKeepTheirOrder() throws Exception {
    List<Path> files =
        List.of(
            PicturesOfOneColour.write(directory.resolve("c.png"), Color.RED),
            Files.writeString(directory.resolve("b.png"), "no picture"),
            PicturesOfOneColour.write(directory.resolve("a.png"), Color.GREEN));
    AtomicInteger done = new AtomicInteger();

    UnlabelledImages rgb =
        UnlabelledImages.read("some", files, Preprocessing.rgb(16), 20, done::incrementAndGet);
    UnlabelledImages luma =
        UnlabelledImages.read("some", files, Preprocessing.luma(16), 20, () -> {});

    assertThat(done).hasValue(3);
    assertThat(rgb.size()).isEqualTo(2);
    assertThat(rgb.pixels().getFirst()).hasSize(20 * 20 * 3).startsWith(255, 0, 0);
    assertThat(rgb.pixels().getLast()).startsWith(0, 255, 0);
    assertThat(luma.pixels().getFirst()).hasSize(20 * 20).startsWith(Luma.of(255, 0, 0));
  }

  @Test
  void labelledPicturesLoseTheirColourWhereTheNetworkSeesNone() {
    byte[] picture = new byte[4 * 4 * 3];
    picture[0] = (byte) 200;
    picture[1] = 100;
    picture[2] = 50;
    LabelledImages labelled =
        new LabelledImages("some", 4, List.of("a"), List.of(picture), new int[1]);

    assertThat(UnlabelledImages.of(labelled, Colour.RGB).pixels()).containsExactly(picture);
    assertThat(UnlabelledImages.of(labelled, Colour.LUMA).pixels().getFirst())
        .hasSize(16)
        .startsWith(Luma.of(200, 100, 50));
  }

  @Test
  void picturesOfAnotherSizeAreRefused() {
    assertThatThrownBy(
            () -> new UnlabelledImages("some", 4, Colour.LUMA, List.of(new byte[4 * 4 * 3])))
        .hasMessage("picture: 48 bytes (expected: 16)");
  }
}

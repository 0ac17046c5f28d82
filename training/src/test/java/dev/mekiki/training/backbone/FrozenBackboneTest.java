package dev.mekiki.training.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.testing.SharedModels;
import dev.mekiki.training.testing.TinyBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FrozenBackboneTest {
  @Test
  void featuresAreExtractedOnceAndKept(@TempDir Path cache) throws Exception {
    FrozenBackbone backbone =
        new FrozenBackbone(SharedModels.mobileNet(), 64, cache, TrainingDevice.CPU);
    LabelledImages images = noise(3);
    List<Integer> recorded = new ArrayList<>();

    Features first = backbone.features(images, (done, total) -> recorded.add(done));
    Features again = backbone.features(images, (done, total) -> recorded.add(done));

    assertThat(recorded).containsExactly(3);
    assertThat(first.rows()).hasDimensions(3, 1280);
    assertThat(again.rows()).isDeepEqualTo(first.rows());
    assertThat(first.rows()[0]).isNotEqualTo(first.rows()[1]);
  }

  @Test
  void otherSideHasOtherFeatures(@TempDir Path cache) throws Exception {
    LabelledImages images = noise(1);

    Features small =
        new FrozenBackbone(SharedModels.mobileNet(), 32, cache, TrainingDevice.CPU)
            .features(images, (d, t) -> {});
    Features large =
        new FrozenBackbone(SharedModels.mobileNet(), 64, cache, TrainingDevice.CPU)
            .features(images, (d, t) -> {});

    assertThat(small.rows()[0]).isNotEqualTo(large.rows()[0]);
  }

  @Test
  void editedCopiesHaveFeaturesOfTheirOwnBySeed(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("tiny.pt"), TinyBackbone.pooled());
    FrozenBackbone backbone = new FrozenBackbone(file, 32, directory, TrainingDevice.CPU);
    LabelledImages images = noise(2);

    Features plain = backbone.features(images, (d, t) -> {});
    Features edited = backbone.editedFeatures(images, 1, (d, t) -> {});
    Features others = backbone.editedFeatures(images, 2, (d, t) -> {});

    assertThat(plain.rows()).hasDimensions(2, TinyBackbone.FEATURES);
    assertThat(edited.rows()).hasDimensions(2, TinyBackbone.FEATURES);
    assertThat(edited.rows()[0]).isNotEqualTo(plain.rows()[0]);
    assertThat(others.rows()[0]).isNotEqualTo(edited.rows()[0]);
  }

  @Test
  void lengthOfFeaturesIsFoundBeforeAnyPicture(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("tiny.pt"), TinyBackbone.pooled());
    Path maps = Files.write(directory.resolve("maps.pt"), TinyBackbone.of("torch.neg(x)"));
    Path none = directory.resolve("none.pt");

    assertThat(new FrozenBackbone(file, 32, directory, TrainingDevice.CPU).featureLength())
        .isEqualTo(TinyBackbone.FEATURES);
    assertThatThrownBy(
            () -> new FrozenBackbone(maps, 32, directory, TrainingDevice.CPU).featureLength())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("maps.pt: 1 arrays of shapes [(2, 3, 32, 32)] for 2 pictures");
    assertThatThrownBy(
            () -> new FrozenBackbone(none, 32, directory, TrainingDevice.CPU).featureLength())
        .isInstanceOf(IOException.class)
        .hasMessage("backbone %s: no such file (expected: a TorchScript file)".formatted(none));
  }

  @Test
  void fileThatIsNoNetworkIsNamed(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("words.pt"), "hello");

    assertThatThrownBy(() ->
            new FrozenBackbone(file, 32, directory, TrainingDevice.CPU)
                .features(noise(1), (d, t) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("words.pt")
        .hasMessageContaining("expected: TorchScript that turns pictures into rows of features");
  }

  private static LabelledImages noise(int count) {
    Random random = new Random(2);
    List<byte[]> pixels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] picture = new byte[16 * 16 * 3];
      random.nextBytes(picture);
      pixels.add(picture);
    }
    return new LabelledImages("noise", 16, List.of("a"), pixels, new int[count]);
  }
}

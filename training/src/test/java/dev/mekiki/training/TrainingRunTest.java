package dev.mekiki.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.stages.TrainingSettings;
import dev.mekiki.training.testing.StripedPictures;
import dev.mekiki.training.testing.TinyTraining;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingRunTest {
  private static final int SIDE = StripedPictures.SIDE;

  @Test
  void tinyNetworkLearnsAndItsBundleServesTheSameCodes(@TempDir Path directory) throws Exception {
    LabelledImages.Split images = StripedPictures.draw(480).split(0.2, 7);
    List<Double> losses = new ArrayList<>();
    List<TrainingListener.Progress> steps = new ArrayList<>();

    TrainingResult result =
        new TrainingRun(images.training(), images.test(), settings(4, 2), TrainingDevice.CPU)
            .run(
                "tiny",
                "./mekiki train --images DIR",
                null,
                false,
                new TrainingListener() {
                  @Override
                  public void stepDone(Progress progress, float loss) {
                    steps.add(progress);
                  }

                  @Override
                  public void epochDone(Progress progress, double loss) {
                    if (progress.stage().equals("classifier")) {
                      losses.add(loss);
                    }
                  }
                });
    Bundle bundle = result.bundles().getFirst();

    assertThat(losses).hasSize(4);
    assertThat(losses.getLast()).isLessThan(0.9 * losses.getFirst());
    // A classifier, and a hash network for each of two seeds.
    assertThat(steps).hasSize(3 * 4 * (384 / 24));
    assertThat(steps.getLast().step()).isEqualTo(steps.getLast().steps());
    assertThat(result.networks()).extracting(TrainedBundle::seed).containsExactly(11L, 12L);
    assertThat(result.bundles()).hasSize(1);
    assertThat(result.networks().getFirst().trainingCodes()).hasSize(384);
    assertThat(result.networks().getFirst().testCodes()).hasSize(96);
    assertThat(bundle.manifest().training().images()).isEqualTo(384);
    assertThat(bundle.manifest().training().metrics().get("map_at_all")).isGreaterThan(0.6);
    Path file = directory.resolve("tiny.mekiki");
    bundle.write(file);
    assertServedCodesFindTheirCenters(Bundle.read(file), images.test());
  }

  @Test
  void imagesOfAnotherSizeAreRefused() {
    LabelledImages small =
        new LabelledImages("small", 8, List.of("a"), List.of(new byte[192]), new int[] {0});

    assertThatThrownBy(() -> new TrainingRun(small, small, settings(1, 1), TrainingDevice.CPU))
        .hasMessageContaining("images: 8 and 8 px (expected: 32, the network's input)");
  }

  @Test
  void splitKeepsEveryPictureOnceAndFollowsItsSeed() {
    LabelledImages images = StripedPictures.draw(60);

    LabelledImages.Split split = images.split(0.25, 3);

    assertThat(split.test().size()).isEqualTo(15);
    assertThat(split.training().size()).isEqualTo(45);
    List<byte[]> all = new ArrayList<>(split.training().pixels());
    all.addAll(split.test().pixels());
    assertThat(all).containsExactlyInAnyOrderElementsOf(images.pixels());
    assertThat(split.test().pixels()).isEqualTo(images.split(0.25, 3).test().pixels());
    assertThat(split.test().pixels()).isNotEqualTo(images.split(0.25, 4).test().pixels());
  }

  /// Training and serving must not differ: the network that learned these pictures is asked through
  /// the encoder, decoder and all.
  private static void assertServedCodesFindTheirCenters(Bundle bundle, LabelledImages images)
      throws Exception {
    int right = 0;
    try (ImageEncoder encoder =
        ImageEncoder.open(bundle, new EncoderSettings("cpu", 1, 1 << 20, 1_000_000, 0))) {
      for (int i = 0; i < images.size(); i++) {
        EncodedImage image =
            encoder.encode(List.of(encoder.prepare(png(images.pixels().get(i))))).getFirst();
        HashCode code = image.code();
        if (bundle.centers().cell(code).center() == images.labels()[i]) {
          right++;
        }
      }
    }
    double accuracy = (double) right / images.size();
    double measured =
        bundle.manifest().training().metrics().getOrDefault("nearest_center_accuracy", 0.0);
    assertThat(accuracy).isBetween(measured - 0.03, measured + 0.03);
  }

  private static TrainingSettings settings(int epochs, int seeds) {
    return TinyTraining.settings(
        List.of(64), epochs, List.of(View.WHOLE, View.TRIMMED_12_MIRRORED), seeds);
  }

  private static byte[] png(byte[] rgb) throws Exception {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < SIDE * SIDE; i++) {
      int colour =
          (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
      image.setRGB(i % SIDE, i / SIDE, colour);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}

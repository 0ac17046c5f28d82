package dev.mekiki.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.backbone.FineTuningSettings;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.stages.TrainingSettings;
import dev.mekiki.training.testing.InterruptingListener;
import dev.mekiki.training.testing.SharedModels;
import dev.mekiki.training.testing.TinyBackbone;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackboneTrainingTest {
  private static final int PICTURE_SIDE = 16;
  private static final int SIDE = 32;
  private static final int BITS = 32;

  @TempDir private Path directory;
  private Path tiny = Path.of("");

  @BeforeEach
  void writeATinyBackbone() throws IOException {
    tiny = directory.resolve("tiny.pt");
    Files.write(tiny, TinyBackbone.pooled());
  }

  @Test
  void layersLearnAndTheirBundleServesTheSameCodes() throws Exception {
    LabelledImages.Split images = halves(240).split(0.2, 7);
    InterruptingListener recorded = new InterruptingListener(99);

    TrainingResult result =
        run(images, backbone(tiny, recorded), TinyBackbone.FEATURES, 20, recorded);
    Bundle bundle = result.bundles().getFirst();

    assertThat(recorded.features())
        .containsExactly(
            "features of training images", "features of test images", "features of edited copies");
    assertThat(result.classifierAccuracy()).isGreaterThan(0.9);
    assertThat(bundle.manifest().training().metrics().get("map_at_all")).isGreaterThan(0.8);
    assertThat(bundle.manifest().training().settings())
        .containsEntry("backbone", "tiny.pt")
        .containsKey("backbone_sha256");
    assertThat(bundle.manifest().preprocessing()).isEqualTo(Preprocessing.backbone(SIDE));
    assertServesTheSameCodes(bundle, result, images);
  }

  @Test
  void realBackboneServesTheSameCodes() throws Exception {
    Path mobileNet = SharedModels.mobileNet();
    LabelledImages.Split images = halves(60).split(0.2, 7);
    InterruptingListener recorded = new InterruptingListener(99);

    TrainingResult result = run(images, backbone(mobileNet, recorded), 1280, 3, recorded);

    assertServesTheSameCodes(result.bundles().getFirst(), result, images);
  }

  @Test
  void fineTunedBackboneServesTheSameCodes() throws Exception {
    Path mobileNet = SharedModels.mobileNet();
    LabelledImages.Split images = halves(80).split(0.2, 7);
    InterruptingListener recorded = new InterruptingListener(99);

    TrainingResult result =
        run(images, backbone(mobileNet, recorded), fineTuned(settings(1280, 2), 2), recorded);
    Bundle bundle = result.bundles().getFirst();

    assertThat(recorded.stages())
        .endsWith(
            "hash, 32 bits, seed 3 1",
            "hash, 32 bits, seed 3 2",
            "hash, 32 bits, seed 3, fine-tuned 1",
            "hash, 32 bits, seed 3, fine-tuned 2");
    assertThat(recorded.features()).hasSize(5);
    assertThat(bundle.manifest().training().settings())
        .containsEntry("fine_tuning_epochs", "2")
        .doesNotContainEntry(
            "backbone_sha256",
            HexFormat.of().formatHex(Sha256Digest.start().digest(Files.readAllBytes(mobileNet))));
    assertServesTheSameCodes(bundle, result, images);
  }

  @Test
  void resumedFineTuningEqualsOneThatWasNotInterrupted() throws Exception {
    Path mobileNet = SharedModels.mobileNet();
    LabelledImages.Split images = halves(60).split(0.2, 7);
    TrainingSettings settings = fineTuned(settings(1280, 1), 3);
    InterruptingListener listener = new InterruptingListener(99);
    Bundle whole =
        run(images, backbone(mobileNet, listener), settings, listener).bundles().getFirst();
    Path checkpoints = directory.resolve("checkpoints");

    assertThatThrownBy(
            () -> resume(images, mobileNet, settings, checkpoints, new InterruptingListener(2)))
        .isInstanceOf(InterruptingListener.Ended.class);
    InterruptingListener resuming = new InterruptingListener(99);
    Bundle resumed =
        resume(images, mobileNet, settings, checkpoints, resuming).bundles().getFirst();

    assertThat(resuming.stages()).containsExactly("hash, 32 bits, seed 3, fine-tuned 3");
    assertThat(resumed.networkId()).isEqualTo(whole.networkId());
  }

  @Test
  void backboneWithoutParametersIsNotFineTuned() {
    LabelledImages.Split images = halves(20).split(0.2, 7);
    InterruptingListener listener = new InterruptingListener(99);

    assertThatThrownBy(() ->
            run(
                images,
                backbone(tiny, listener),
                fineTuned(settings(TinyBackbone.FEATURES, 1), 1),
                listener))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("no parameters (expected: TorchScript that is not frozen)");
  }

  @Test
  void resumedTrainingEqualsOneThatWasNotInterrupted() throws Exception {
    LabelledImages.Split images = halves(60).split(0.2, 7);
    InterruptingListener listener = new InterruptingListener(99);
    Bundle whole =
        run(images, backbone(tiny, listener), TinyBackbone.FEATURES, 4, listener)
            .bundles()
            .getFirst();
    Path checkpoints = directory.resolve("checkpoints");

    assertThatThrownBy(() -> resume(images, checkpoints, new InterruptingListener(2)))
        .isInstanceOf(InterruptingListener.Ended.class);
    InterruptingListener resuming = new InterruptingListener(99);
    Bundle resumed = resume(images, checkpoints, resuming).bundles().getFirst();

    assertThat(resuming.stages())
        .containsExactly(
            "classifier 3",
            "classifier 4",
            "hash, 32 bits, seed 3 1",
            "hash, 32 bits, seed 3 2",
            "hash, 32 bits, seed 3 3",
            "hash, 32 bits, seed 3 4");
    assertThat(resuming.features()).isEmpty();
    assertThat(resumed.networkId()).isEqualTo(whole.networkId());
    assertThat(resumed.centers()).isEqualTo(whole.centers());
  }

  @Test
  void backboneWithAnotherNumberOfFeaturesIsRefused() {
    LabelledImages.Split images = halves(20).split(0.2, 7);
    InterruptingListener listener = new InterruptingListener(99);

    assertThatThrownBy(() -> run(images, backbone(tiny, listener), 47, 1, listener))
        .isInstanceOf(IOException.class)
        .hasMessage("backbone tiny.pt: 48 features (expected: 47)");
  }

  @Test
  void settingsFromScratchAreRefusedForABackbone() {
    LabelledImages images = halves(20);

    assertThatThrownBy(() ->
            new TrainingRun(
                images,
                images,
                TrainingSettings.defaults(List.of(BITS), 1, 1, 3),
                TrainingDevice.CPU,
                backbone(tiny, new InterruptingListener(99))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("(expected: layers on a backbone)");
  }

  private FrozenBackbone backbone(Path file, InterruptingListener recorded) {
    // Another directory for each: what one training computed is not there for the next.
    return new FrozenBackbone(
        file,
        SIDE,
        directory.resolve("features-" + System.identityHashCode(recorded)),
        TrainingDevice.CPU);
  }

  private TrainingResult resume(
      LabelledImages.Split images, Path checkpoints, InterruptingListener listener)
      throws IOException {
    return resume(images, tiny, settings(TinyBackbone.FEATURES, 4), checkpoints, listener);
  }

  private static TrainingResult resume(
      LabelledImages.Split images,
      Path file,
      TrainingSettings settings,
      Path checkpoints,
      InterruptingListener listener)
      throws IOException {
    return new TrainingRun(
            images.training(),
            images.test(),
            settings,
            TrainingDevice.CPU,
            new FrozenBackbone(file, SIDE, checkpoints, TrainingDevice.CPU))
        .run("tiny", "./mekiki train", checkpoints, true, listener);
  }

  private static TrainingResult run(
      LabelledImages.Split images,
      FrozenBackbone backbone,
      int features,
      int epochs,
      TrainingListener listener)
      throws IOException {
    return run(images, backbone, settings(features, epochs), listener);
  }

  private static TrainingResult run(
      LabelledImages.Split images,
      FrozenBackbone backbone,
      TrainingSettings settings,
      TrainingListener listener)
      throws IOException {
    return new TrainingRun(images.training(), images.test(), settings, TrainingDevice.CPU, backbone)
        .run("tiny", "./mekiki train", null, false, listener);
  }

  private static TrainingSettings fineTuned(TrainingSettings settings, int epochs) {
    return new TrainingSettings(
        settings.bits(),
        settings.classifier(),
        settings.similarity(),
        settings.solver(),
        settings.hash(),
        settings.views(),
        settings.hashSeeds(),
        new FineTuningSettings(epochs));
  }

  private static TrainingSettings settings(int features, int epochs) {
    return TrainingSettings.onBackbone(
        List.of(BITS),
        new Architecture.TorchScript(features, 64),
        Preprocessing.backbone(SIDE),
        epochs,
        epochs,
        3);
  }

  /// The bundle is asked through the encoder, decoder and all. Sums in batches of other sizes may
  /// turn a bit whose output is all but 0.
  private void assertServesTheSameCodes(
      Bundle bundle, TrainingResult result, LabelledImages.Split images) throws Exception {
    Path file = directory.resolve("tiny.mekiki");
    bundle.write(file);
    List<HashCode> measured = result.networks().getFirst().testCodes();
    int differing = 0;
    try (ImageEncoder encoder =
        ImageEncoder.open(
            Bundle.read(file), new EncoderSettings("cpu", 1, 1 << 20, 1_000_000, 0))) {
      for (int i = 0; i < images.test().size(); i++) {
        EncodedImage image =
            encoder.encode(List.of(encoder.prepare(png(images.test().pixels().get(i))))).getFirst();
        differing += image.code().distance(measured.get(i));
      }
    }
    assertThat(differing).isLessThanOrEqualTo(images.test().size() * BITS / 1000);
  }

  /// Four classes by which half of the picture is bright: left, right, upper or lower.
  private static LabelledImages halves(int count) {
    Random random = new Random(5);
    List<byte[]> pixels = new ArrayList<>();
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 4;
      byte[] picture = new byte[PICTURE_SIDE * PICTURE_SIDE * 3];
      for (int y = 0; y < PICTURE_SIDE; y++) {
        for (int x = 0; x < PICTURE_SIDE; x++) {
          int along = labels[i] < 2 ? x : y;
          boolean bright = along < PICTURE_SIDE / 2 == (labels[i] % 2 == 0);
          for (int c = 0; c < 3; c++) {
            picture[(y * PICTURE_SIDE + x) * 3 + c] =
                (byte) ((bright ? 150 : 20) + random.nextInt(90));
          }
        }
      }
      pixels.add(picture);
    }
    return new LabelledImages(
        "halves", PICTURE_SIDE, List.of("left", "right", "upper", "lower"), pixels, labels);
  }

  private static byte[] png(byte[] rgb) throws IOException {
    BufferedImage image = new BufferedImage(PICTURE_SIDE, PICTURE_SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < PICTURE_SIDE * PICTURE_SIDE; i++) {
      image.setRGB(
          i % PICTURE_SIDE,
          i / PICTURE_SIDE,
          (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}

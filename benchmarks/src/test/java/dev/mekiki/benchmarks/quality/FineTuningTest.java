package dev.mekiki.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.network.Weights.NamedShape;
import dev.mekiki.training.backbone.FineTuningSettings;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.checkpoints.Checkpoint;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.testing.InterruptingListener;
import dev.mekiki.training.testing.SharedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
final class FineTuningTest {
  private static final int SIDE = 16;
  private static final int CLASSES = 3;
  private static final FineTuningSettings SETTINGS = new FineTuningSettings(2, 0.001f, 0.0002f);

  @TempDir private Path directory;

  @Test
  void tunedBackboneFindsClasses() throws Exception {
    InterruptingListener recorded = new InterruptingListener(99);

    List<RetrievalProtocol.Result> results = run("whole", false, recorded);

    assertThat(results).hasSize(1);
    // 0.58 by the frozen features.
    assertThat(results.getFirst().mapAtAll()).isGreaterThan(0.55);
    assertThat(recorded.stages()).containsExactly("csq-16-1 1", "csq-16-1 2");
  }

  @Test
  void tuningStartsFromTheLayersOnFrozenFeatures() throws Exception {
    FrozenBackbone backbone =
        new FrozenBackbone(
            SharedModels.mobileNet(), 32, directory.resolve("features"), TrainingDevice.CPU);
    RetrievalProtocol frozen =
        RetrievalProtocol.of(backbone, shades(110), 100, 5, 1, (done, total) -> {});
    RetrievalProtocol.Plan plan =
        new RetrievalProtocol.Plan(
            List.of(RetrievalMethod.CSQ),
            List.of(16),
            List.of(1L),
            List.of(0f),
            List.of(0f),
            List.of(Meaning.CLASSIFIER));

    double before = frozen.run(plan, result -> {}).getFirst().mapAtAll();
    double after =
        frozen
            .fineTuned(
                backbone,
                new FineTuningSettings(1, 1e-6f, 1e-6f),
                null,
                false,
                TrainingListener.SILENT,
                (done, total) -> {})
            .run(plan, result -> {})
            .getFirst()
            .mapAtAll();

    // The statistics of the layers' normalisation move with each batch, whatever the rate.
    assertThat(after).isCloseTo(before, Offset.offset(0.05));
  }

  @Test
  void gradientReachesTheWholeBackbone() throws Exception {
    run("one", false, new InterruptingListener(1));
    Checkpoint first = checkpoint("one");
    run("one", true, new InterruptingListener(99));
    Checkpoint second = checkpoint("one");

    assertThat(first.shapes()).isEqualTo(second.shapes());
    int offset = 0;
    List<String> still = new ArrayList<>();
    for (NamedShape parameter : first.shapes()) {
      int end =
          offset + 4 * Math.toIntExact(parameter.shape().stream().reduce(1L, (a, b) -> a * b));
      if (Arrays.equals(first.weights(), offset, end, second.weights(), offset, end)) {
        still.add(parameter.name());
      }
      offset = end;
    }
    // Of 106 the file's own classifier, whose result it drops: its weights decay, its biases stay.
    assertThat(first.shapes()).hasSizeGreaterThan(106);
    assertThat(still).containsExactly("01PtSymbolBlock_p105");
  }

  @Test
  void resumedTuningEqualsOneThatWasNotInterrupted() throws Exception {
    List<RetrievalProtocol.Result> whole = run("whole", false, new InterruptingListener(99));
    run("cut", false, new InterruptingListener(1));
    InterruptingListener recorded = new InterruptingListener(99);

    List<RetrievalProtocol.Result> resumed = run("cut", true, recorded);

    assertThat(recorded.stages()).containsExactly("csq-16-1 2");
    assertThat(resumed.getFirst().mapAtAll()).isEqualTo(whole.getFirst().mapAtAll());
    assertThat(checkpoint("cut").weights()).isEqualTo(checkpoint("whole").weights());
  }

  @Test
  void checkpointOfOtherRatesIsRefused() throws Exception {
    run("other", false, new InterruptingListener(1));

    assertThatThrownBy(() ->
            run(
                "other",
                true,
                new FineTuningSettings(2, 0.001f, 0.0001f),
                new InterruptingListener(99)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("of the run 'csq-16-1 toward centers ");
  }

  private List<RetrievalProtocol.Result> run(
      String name, boolean resume, InterruptingListener listener) throws IOException {
    return run(name, resume, SETTINGS, listener);
  }

  /// Results; none if the listener ended the training.
  private List<RetrievalProtocol.Result> run(
      String name, boolean resume, FineTuningSettings settings, InterruptingListener listener)
      throws IOException {
    FrozenBackbone backbone =
        new FrozenBackbone(
            SharedModels.mobileNet(), 32, directory.resolve("features"), TrainingDevice.CPU);
    try {
      return RetrievalProtocol.of(backbone, shades(110), 100, 5, 1, (done, total) -> {})
          .fineTuned(
              backbone, settings, directory.resolve(name), resume, listener, (done, total) -> {})
          .run(
              new RetrievalProtocol.Plan(
                  List.of(RetrievalMethod.CSQ),
                  List.of(16),
                  List.of(1L),
                  List.of(0f),
                  List.of(0f),
                  List.of(Meaning.CLASSIFIER)),
              result -> {});
    } catch (InterruptingListener.Ended e) {
      return List.of();
    }
  }

  private Checkpoint checkpoint(String name) throws IOException {
    Path file = directory.resolve(name).resolve("csq-16-1.checkpoint");
    assertThat(Files.exists(file)).isTrue();
    return Checkpoint.read(file);
  }

  /// Noisy pictures, those of a class brighter in one of the colours.
  private static LabelledImages shades(int ofEachClass) {
    Random random = new Random(2);
    List<byte[]> pixels = new ArrayList<>();
    int[] labels = new int[ofEachClass * CLASSES];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % CLASSES;
      byte[] picture = new byte[SIDE * SIDE * 3];
      for (int p = 0; p < picture.length; p++) {
        picture[p] = (byte) (random.nextInt(100) + (p % 3 == labels[i] ? 120 : 0));
      }
      pixels.add(picture);
    }
    return new LabelledImages("shades", SIDE, List.of("red", "green", "blue"), pixels, labels);
  }
}

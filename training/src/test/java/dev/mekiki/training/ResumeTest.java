package dev.mekiki.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.training.checkpoints.CheckpointException;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.Schedule;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.stages.ClassifierSettings;
import dev.mekiki.training.stages.ClassifierTraining;
import dev.mekiki.training.testing.InterruptingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResumeTest {
  private static final int SIDE = 8;

  @Test
  void resumedTrainingEqualsOneThatWasNotInterrupted(@TempDir Path directory) throws Exception {
    LabelledImages images = noise(64);
    ClassifierTraining training = new ClassifierTraining(images, settings(4), TrainingDevice.CPU);
    byte[] whole = training.run(Checkpoints.NONE, new InterruptingListener(99)).weights();
    Path file = directory.resolve("classifier.checkpoint");

    assertThatThrownBy(() -> training.run(new Checkpoints(file, true), new InterruptingListener(2)))
        .isInstanceOf(InterruptingListener.Ended.class);
    InterruptingListener listener = new InterruptingListener(99);
    byte[] resumed = training.run(new Checkpoints(file, true), listener).weights();

    assertThat(listener.epochs()).containsExactly(3, 4);
    assertThat(resumed).isEqualTo(whole);
  }

  @Test
  void finishedTrainingIsNotDoneAgain(@TempDir Path directory) throws Exception {
    ClassifierTraining training =
        new ClassifierTraining(noise(16), settings(1), TrainingDevice.CPU);
    Path file = directory.resolve("classifier.checkpoint");
    byte[] weights =
        training.run(new Checkpoints(file, false), new InterruptingListener(99)).weights();

    InterruptingListener listener = new InterruptingListener(99);
    byte[] again = training.run(new Checkpoints(file, true), listener).weights();

    assertThat(listener.epochs()).isEmpty();
    assertThat(again).isEqualTo(weights);
  }

  @Test
  void checkpointOfOtherSettingsIsRefused(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("classifier.checkpoint");
    new ClassifierTraining(noise(16), settings(1), TrainingDevice.CPU)
        .run(new Checkpoints(file, false), new InterruptingListener(99));

    assertThatThrownBy(() ->
            new ClassifierTraining(noise(16), settings(2), TrainingDevice.CPU)
                .run(new Checkpoints(file, true), new InterruptingListener(99)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("of the run 'classifier of noise, 16 pictures")
        .hasMessageContaining("expected: 'classifier of noise, 16 pictures");
  }

  @Test
  void checkpointsWrittenBeforeThereWereBackbonesStillMatch() {
    assertThat(settings(1).toString())
        .contains(
            "architecture=Architecture[family=resnet-padded, stemStride=1, blocksPerStage=1, widths=[4, 8]], preprocessing=Preprocessing[version=1, ");
  }

  @Test
  void checkpointIsNotOverwrittenUnasked(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("classifier.checkpoint");
    ClassifierTraining training =
        new ClassifierTraining(noise(16), settings(1), TrainingDevice.CPU);
    training.run(new Checkpoints(file, false), new InterruptingListener(99));

    assertThatThrownBy(
            () -> training.run(new Checkpoints(file, false), new InterruptingListener(99)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("there already (expected: none; --resume goes on from it)");
  }

  @Test
  void damagedCheckpointIsRefused(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("classifier.checkpoint");
    ClassifierTraining training =
        new ClassifierTraining(noise(16), settings(1), TrainingDevice.CPU);
    training.run(new Checkpoints(file, false), new InterruptingListener(99));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    assertThatThrownBy(
            () -> training.run(new Checkpoints(file, true), new InterruptingListener(99)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("SHA-256 does not match its content");
  }

  private static ClassifierSettings settings(int epochs) {
    return new ClassifierSettings(
        3,
        new Architecture.Residual(Architecture.Residual.RESNET_PADDED, 1, 1, List.of(4, 8)),
        Preprocessing.rgb(SIDE),
        new Schedule(epochs, 8, 0.05f, 5e-4f, 0.1f),
        0.1f,
        0.5f);
  }

  private static LabelledImages noise(int count) {
    Random random = new Random(4);
    List<byte[]> pixels = new ArrayList<>();
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      byte[] picture = new byte[SIDE * SIDE * 3];
      random.nextBytes(picture);
      pixels.add(picture);
      labels[i] = i % 2;
    }
    return new LabelledImages("noise", SIDE, List.of("a", "b"), pixels, labels);
  }
}

package dev.mekiki.training.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.training.checkpoints.Checkpoint;
import dev.mekiki.training.checkpoints.CheckpointException;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SimilarityCheckpointTest {
  private static final SimilaritySource MISTAKES = new SimilaritySource.Mistakes(2);

  /// A third has no last digit in binary; the other machine's differs in it.
  private static final ClassSimilarity HERE = similarity(1f / 3);

  private static final ClassSimilarity ELSEWHERE = similarity(Math.nextUp(1f / 3));

  @Test
  void trainingThatGoesOnElsewhereHasTheSimilarityItBeganWith(@TempDir Path directory)
      throws Exception {
    Checkpoints kept = Checkpoints.of(directory, "similarity", true);
    SimilarityCheckpoint.of(kept, classifier(1), MISTAKES, () -> HERE);

    ClassSimilarity resumed =
        SimilarityCheckpoint.of(kept, classifier(1), MISTAKES, () -> ELSEWHERE);

    assertThat(resumed.classes()).isEqualTo(2);
    assertThat(resumed.of(0, 1)).isEqualTo(1f / 3);
    assertThat(resumed.of(0, 0)).isEqualTo(1);
  }

  @Test
  void withoutCheckpointsItIsFoundAnew(@TempDir Path directory) throws Exception {
    SimilarityCheckpoint.of(Checkpoints.NONE, classifier(1), MISTAKES, () -> HERE);

    ClassSimilarity found =
        SimilarityCheckpoint.of(Checkpoints.NONE, classifier(1), MISTAKES, () -> ELSEWHERE);

    assertThat(found.of(0, 1)).isEqualTo(Math.nextUp(1f / 3));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void thatOfAnotherClassifierOrSourceIsRefused(@TempDir Path directory) throws Exception {
    Checkpoints kept = Checkpoints.of(directory, "similarity", true);
    SimilarityCheckpoint.of(kept, classifier(1), MISTAKES, () -> HERE);

    assertThatThrownBy(() -> SimilarityCheckpoint.of(kept, classifier(2), MISTAKES, () -> HERE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("similarity.checkpoint: of the run 'similarity by the classifier's");
    assertThatThrownBy(() ->
            SimilarityCheckpoint.of(
                kept, classifier(1), new SimilaritySource.MeanFeatures(), () -> HERE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("(expected: 'similarity by ");
  }

  @Test
  void aWholeTrainingLeavesOneBehind(@TempDir Path directory) throws Exception {
    SimilarityCheckpoint.of(
        Checkpoints.of(directory, "similarity", false), classifier(1), MISTAKES, () -> HERE);

    assertThat(Files.exists(directory.resolve("similarity.checkpoint"))).isTrue();
    assertThatThrownBy(() ->
            SimilarityCheckpoint.of(
                Checkpoints.of(directory, "similarity", false),
                classifier(1),
                MISTAKES,
                () -> HERE))
        .hasMessageContaining("there already");
  }

  @Test
  void whatATrainingKeptCanBeReadElsewhere(@TempDir Path directory) throws Exception {
    SimilarityCheckpoint.of(
        Checkpoints.of(directory, "similarity", false), classifier(1), MISTAKES, () -> HERE);

    ClassSimilarity read = SimilarityCheckpoint.read(directory.resolve("similarity.checkpoint"));

    assertThat(read.classes()).isEqualTo(2);
    assertThat(read.of(0, 1)).isEqualTo(1f / 3);
  }

  @Test
  void theCheckpointOfAnotherStageIsNoSimilarity(@TempDir Path directory) throws Exception {
    Path other = directory.resolve("classifier.checkpoint");
    new Checkpoint("classifier", 1, List.of(), new byte[0], new byte[0]).write(other);

    assertThatThrownBy(() -> SimilarityCheckpoint.read(other))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "checkpoint %s: of the run 'classifier' (expected: a similarity.checkpoint)"
                .formatted(other));
  }

  private static ClassSimilarity similarity(float between) {
    return ClassSimilarity.of(new float[][] {{1, between}, {between, 1}});
  }

  private static TrainedNetwork classifier(int weight) {
    return new TrainedNetwork(
        Architecture.Residual.resnet10(),
        Preprocessing.rgb(32),
        2,
        List.of(),
        new byte[] {(byte) weight});
  }
}

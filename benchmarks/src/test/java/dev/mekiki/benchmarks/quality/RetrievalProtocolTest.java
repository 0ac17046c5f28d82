package dev.mekiki.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.mekiki.benchmarks.quality.RetrievalProtocol.Part;
import dev.mekiki.training.backbone.Features;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RetrievalProtocolTest {
  private static final int CLASSES = 4;

  @Test
  void everyMethodFindsClassesThatFeaturesSeparate() throws Exception {
    RetrievalProtocol protocol = new RetrievalProtocol(clusters(200), clusters(40), clusters(80));
    List<RetrievalProtocol.Result> recorded = new ArrayList<>();

    List<RetrievalProtocol.Result> results =
        protocol.run(
            new RetrievalProtocol.Plan(
                List.of(
                    RetrievalMethod.RANDOM,
                    RetrievalMethod.SHC_ANNEALED,
                    RetrievalMethod.SHC_PERMUTED,
                    RetrievalMethod.ORTHOHASH),
                List.of(16),
                List.of(1L),
                List.of(0f),
                List.of(0f)),
            recorded::add);

    assertThat(recorded).isEqualTo(results);
    assertThat(results).extracting(RetrievalProtocol.Result::mapAtAll).allMatch(map -> map > 0.95);
    assertThat(results.subList(0, 3))
        .extracting(RetrievalProtocol.Result::nearestCenterAccuracy)
        .allMatch(share -> share > 0.95);
    RetrievalProtocol.Result annealed = results.get(1);
    RetrievalProtocol.Result permuted = results.get(2);
    assertThat(annealed.minimumDistance()).isPositive();
    assertThat(permuted.minimumDistance()).isEqualTo(annealed.minimumDistance());
  }

  @Test
  void wrongLabelsAreLearntFromButNotAskedFor() throws Exception {
    RetrievalProtocol protocol = new RetrievalProtocol(clusters(1_000), clusters(40), clusters(80));

    List<RetrievalProtocol.Result> results =
        protocol.run(
            new RetrievalProtocol.Plan(
                List.of(RetrievalMethod.RANDOM),
                List.of(16),
                List.of(1L),
                List.of(0.2f, 1f),
                List.of(0f, 0.2f)),
            result -> {});

    assertThat(results)
        .extracting(RetrievalProtocol.Result::labelNoise, RetrievalProtocol.Result::labelSmoothing)
        .containsExactly(tuple(0.2f, 0f), tuple(0.2f, 0.2f), tuple(1f, 0f), tuple(1f, 0.2f));
    // A fifth of wrong labels is outvoted; where all are wrong, the right class is what none has.
    assertThat(results.get(0).nearestCenterAccuracy()).isGreaterThan(0.95);
    assertThat(results.get(1).nearestCenterAccuracy()).isGreaterThan(0.95);
    assertThat(results.get(2).nearestCenterAccuracy()).isLessThan(0.1);
  }

  @Test
  void validationAsksWithAFifthOfTheTrainingPictures() {
    RetrievalProtocol validating =
        new RetrievalProtocol(clusters(200), clusters(40), clusters(80)).validating();

    assertThat(validating.sizes()).containsExactly(160, 40, 160);
  }

  @Test
  void splitThatLeavesNoDatabaseIsRefused(@TempDir Path directory) {
    LabelledImages two =
        new LabelledImages(
            "two", 1, List.of("a"), List.of(new byte[3], new byte[3]), new int[] {0, 0});

    assertThatThrownBy(() ->
            RetrievalProtocol.of(
                new FrozenBackbone(directory.resolve("none.pt"), 8, directory, TrainingDevice.CPU),
                two,
                2,
                1,
                1,
                (done, total) -> {}))
        .hasMessage(
            "pictures of each class: 2 and 1 (expected: at least 2 and 1, together below 2)");
  }

  private static Part clusters(int count) {
    Random random = new Random(count);
    float[][] rows = new float[count][8];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % CLASSES;
      for (int f = 0; f < rows[i].length; f++) {
        rows[i][f] = (f % CLASSES == labels[i] ? 3 : 0) + 0.3f * (float) random.nextGaussian();
      }
    }
    List<String> names = List.of("a", "b", "c", "d");
    return new Part(
        new LabelledImages("none", 1, names, Collections.nCopies(count, new byte[3]), labels),
        new Features(rows, labels, names));
  }
}

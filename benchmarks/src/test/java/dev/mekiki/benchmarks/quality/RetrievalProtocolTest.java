package dev.mekiki.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.mekiki.benchmarks.quality.RetrievalProtocol.Part;
import dev.mekiki.centers.solve.ClassSimilarity;
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
                    RetrievalMethod.CRH,
                    RetrievalMethod.CRH_CENTERS,
                    RetrievalMethod.ORTHOHASH),
                List.of(16),
                List.of(1L),
                List.of(0f),
                List.of(0f),
                List.of(Meaning.CLASSIFIER)),
            recorded::add);

    assertThat(recorded).isEqualTo(results);
    assertThat(results).extracting(RetrievalProtocol.Result::mapAtAll).allMatch(map -> map > 0.95);
    assertThat(results.subList(0, 5))
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
                List.of(0f, 0.2f),
                List.of(Meaning.CLASSIFIER)),
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
  void tablesFromOutsideAreMeasuredWithMethodsThatFollowThem() throws Exception {
    float[][] pairs = {{1, 1, -1, -1}, {1, 1, -1, -1}, {-1, -1, 1, 1}, {-1, -1, 1, 1}};
    ClassSimilarity outside = ClassSimilarity.of(pairs);
    List<RetrievalProtocol.Result> results =
        withTables(
            new int[] {0, 0, 1, 1},
            List.of(
                Meaning.CLASSIFIER,
                new Meaning("pairs", outside, 0),
                new Meaning("pairs", outside, 1)));

    assertThat(results)
        .extracting(RetrievalProtocol.Result::method, RetrievalProtocol.Result::similarity)
        .containsExactly(
            tuple("mds", ""),
            tuple("shc-annealed", "classifier"),
            tuple("shc-annealed", "pairs"),
            tuple("shc-annealed", "pairs"));
    assertThat(results).extracting(RetrievalProtocol.Result::weight).endsWith(0f, 1f);
    RetrievalProtocol.Result classifiers = results.get(1);
    // At weight 0 the mixture is the classifier's table: centers, and so their loss, are equal.
    assertThat(results.get(2).centerLoss()).isEqualTo(classifiers.centerLoss());
    // Pictures of a pair are near; those of classes that are no pair are not.
    RetrievalProtocol.Result across =
        withTables(new int[] {0, 1, 0, 1}, List.of(new Meaning("pairs", outside, 1))).getLast();
    assertThat(results.get(3).superclassMapAtAll()).isGreaterThan(0.95);
    assertThat(across.superclassMapAtAll()).isLessThan(0.9);
  }

  private static List<RetrievalProtocol.Result> withTables(
      int[] superclasses, List<Meaning> meanings) throws Exception {
    return new RetrievalProtocol(clusters(200), clusters(40), clusters(80))
        .withSuperclasses(superclasses)
        .run(
            new RetrievalProtocol.Plan(
                List.of(RetrievalMethod.MDS, RetrievalMethod.SHC_ANNEALED),
                List.of(16),
                List.of(1L),
                List.of(0f),
                List.of(0f),
                meanings),
            result -> {});
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

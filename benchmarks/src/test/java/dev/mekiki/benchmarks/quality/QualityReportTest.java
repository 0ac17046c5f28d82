package dev.mekiki.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.benchmarks.quality.RetrievalProtocol.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QualityReportTest {
  private static final List<Result> RESULTS =
      List.of(
          new Result("csq", "", 0, 16, 1, 0, 0, 4, 0.1, 0.2, 0.5, 0.6, 10),
          new Result("csq", "", 0, 16, 1, 0.2f, 0.1f, 4, 0.1, 0.15, 0.45, 0.5, 10),
          new Result("orthohash", "", 0, 16, 1, 0, 0, 0, 0, 0.3, 0.6, 0, 11),
          new Result("csq", "", 0, 32, 1, 0, 0, 10, 0.1, 0.25, 0.55, 0.7, 12),
          new Result("csq", "", 0, 16, 2, 0, 0, 3, 0.3, 0.4, 0.7, 0.8, 20),
          new Result("shc-annealed", "classifier", 0, 16, 1, 0, 0, 4, 0.1, 0.31, 0.61, 0.6, 10),
          new Result("shc-annealed", "tree", 0.5f, 16, 1, 0, 0, 4, 0.1, 0.32, 0.62, 0.6, 10));

  @Test
  void seedsAreSummedUp() {
    QualityReport.Row csq = QualityReport.of(1, false, RESULTS).summary().getFirst();

    assertThat(csq.mapAtAll().seeds()).isEqualTo(2);
    assertThat(csq.mapAtAll().mean()).isEqualTo(0.3, Offset.offset(1e-9));
    assertThat(csq.mapAtAll().least()).isEqualTo(0.2);
    assertThat(csq.mapAtAll().most()).isEqualTo(0.4);
    assertThat(csq.nearestCenterAccuracy().mean()).isEqualTo(0.7, Offset.offset(1e-9));
    assertThat(csq.minimumDistance()).isEqualTo(3);
    assertThat(csq.seconds()).isEqualTo(15);
  }

  @Test
  void tablesHaveARowForEachMethodAndWhatWasDoneToItsLabels(@TempDir Path directory)
      throws Exception {
    QualityReport.of(1, false, RESULTS).write(directory);

    assertThat(Files.readString(directory.resolve("quality.md")))
        .isEqualTo(
            """
            MAP@ALL

            | method | 16 bits | 32 bits |
            |---|---|---|
            | csq | 0.3000 (0.2000 to 0.4000) | 0.2500 (0.2500 to 0.2500) |
            | csq, 20 % of the labels wrong, smoothing 0.1 | 0.1500 (0.1500 to 0.1500) | |
            | orthohash | 0.3000 (0.3000 to 0.3000) | |
            | shc-annealed | 0.3100 (0.3100 to 0.3100) | |
            | shc-annealed, tree 0.5 | 0.3200 (0.3200 to 0.3200) | |

            MAP@ALL of superclasses

            | method | 16 bits | 32 bits |
            |---|---|---|
            | csq | 0.6000 (0.5000 to 0.7000) | 0.5500 (0.5500 to 0.5500) |
            | csq, 20 % of the labels wrong, smoothing 0.1 | 0.4500 (0.4500 to 0.4500) | |
            | orthohash | 0.6000 (0.6000 to 0.6000) | |
            | shc-annealed | 0.6100 (0.6100 to 0.6100) | |
            | shc-annealed, tree 0.5 | 0.6200 (0.6200 to 0.6200) | |

            Nearest center

            | method | 16 bits | 32 bits |
            |---|---|---|
            | csq | 0.7000 (0.6000 to 0.8000) | 0.7000 (0.7000 to 0.7000) |
            | csq, 20 % of the labels wrong, smoothing 0.1 | 0.5000 (0.5000 to 0.5000) | |
            | shc-annealed | 0.6000 (0.6000 to 0.6000) | |
            | shc-annealed, tree 0.5 | 0.6000 (0.6000 to 0.6000) | |
            """);
    assertThat(Files.readString(directory.resolve("quality.json")))
        .contains("\"map_at_all\" : 0.4", "\"split_seed\" : 1");
    assertThat(Files.readString(directory.resolve("label-noise.svg")))
        .startsWith("<svg xmlns=")
        .contains("MAP: csq, 16, smoothing 0.1", "center: csq, 16<");
    // Two points, that of the classifier's similarity at weight 0.
    assertThat(Files.readString(directory.resolve("similarity.svg")))
        .contains("classes: shc-annealed, tree, 16<", "superclasses: shc-annealed, tree, 16<")
        .containsPattern("<polyline points=\"64.0,[0-9.]+ 277.0,[0-9.]+\"");
  }
}

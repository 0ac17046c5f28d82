package dev.mekiki.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.training.RetrievalProtocol.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QualityReportTest {
  private static final List<Result> RESULTS =
      List.of(
          new Result("csq", 16, 1, 4, 0.1, 0.2, 10),
          new Result("shc-annealed", 16, 1, 4, 0.04, 0.3, 11),
          new Result("csq", 32, 1, 10, 0.1, 0.25, 12),
          new Result("csq", 16, 2, 3, 0.3, 0.4, 20));

  @Test
  void seedsAreSummedUp() {
    QualityReport.Row csq = QualityReport.of(1, false, RESULTS).summary().getFirst();

    assertThat(csq.seeds()).isEqualTo(2);
    assertThat(csq.mapAtAll()).isEqualTo(0.3, Offset.offset(1e-9));
    assertThat(csq.least()).isEqualTo(0.2);
    assertThat(csq.most()).isEqualTo(0.4);
    assertThat(csq.minimumDistance()).isEqualTo(3);
    assertThat(csq.seconds()).isEqualTo(15);
  }

  @Test
  void tableHasARowForEachMethod(@TempDir Path directory) throws Exception {
    QualityReport.of(1, false, RESULTS).write(directory);

    assertThat(Files.readString(directory.resolve("quality.md")))
        .isEqualTo(
            """
            | method | 16 bits | 32 bits |
            |---|---|---|
            | csq | 0.3000 (0.2000 to 0.4000) | 0.2500 (0.2500 to 0.2500) |
            | shc-annealed | 0.3000 (0.3000 to 0.3000) | |
            """);
    assertThat(Files.readString(directory.resolve("quality.json")))
        .contains("\"map_at_all\" : 0.4", "\"split_seed\" : 1");
  }
}

package dev.mekiki.training.report.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class DotChartTest {
  private final DotChart chart = new DotChart("Found", "required", List.of("this", "that"));

  @Test
  void rowHasAMarkAndADotForEachSeries() {
    String svg = chart.row("crop & turn", 0.98, 1, 0.5).row("blur", 0.995, 1, 1).svg();

    assertThat(svg).contains("crop &amp; turn", "blur", "required", "this", "that");
    // Two rows, and the legend.
    assertThat(svg.split("<circle")).hasSize(1 + 2 * 2 + 2);
    assertThat(svg).contains("cx=\"405.0\" cy=\"47.5\"");
  }

  @Test
  void rowHasAsManySharesAsThereAreSeries() {
    assertThatIllegalArgumentException().isThrownBy(() -> chart.row("crop", 1, 1));
  }
}

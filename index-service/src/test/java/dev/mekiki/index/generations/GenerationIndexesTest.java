package dev.mekiki.index.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.runtime.kafka.GroupProgress.Progress;
import org.junit.jupiter.api.Test;

class GenerationIndexesTest {
  @Test
  void anIndexIsReadyThatRunsAndHasCaughtUp() {
    assertThat(state(2, 600, 400).notReady()).isNull();
    assertThat(state(0, 0, 0).notReady()).isEqualTo("no index instance of it runs");
    assertThat(state(2, 600, 401).notReady())
        .isEqualTo(
            "600 codes and 401 placements, landmarks and probes are left to process (at most 1000)");
  }

  private static GenerationIndexes.State state(int members, long codes, long arrivals) {
    return new GenerationIndexes.State(
        members, new Progress(5_000, codes), new Progress(9_000, arrivals));
  }
}

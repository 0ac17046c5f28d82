package dev.mekiki.encoder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BackpressureTest {
  private final Backpressure backpressure = new Backpressure(10, 1000);

  @Test
  void pausesAtTheLimitOfRecordsUntilHalfOfIt() {
    assertThat(backpressure.isPaused(9, 0)).isFalse();
    assertThat(backpressure.isPaused(10, 0)).isTrue();
    assertThat(backpressure.isPaused(6, 0)).isTrue();
    assertThat(backpressure.isPaused(5, 0)).isFalse();
  }

  @Test
  void pausesAtTheLimitOfBytesUntilHalfOfIt() {
    assertThat(backpressure.isPaused(1, 1000)).isTrue();
    assertThat(backpressure.isPaused(1, 501)).isTrue();
    assertThat(backpressure.isPaused(1, 500)).isFalse();
  }

  @Test
  void drainPausesUntilNothingIsInFlight() {
    backpressure.drain();
    assertThat(backpressure.isPaused(2, 2)).isTrue();
    assertThat(backpressure.isPaused(1, 1)).isTrue();
    assertThat(backpressure.isPaused(0, 0)).isFalse();
    assertThat(backpressure.isPaused(1, 1)).isFalse();
  }
}

package dev.mekiki.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ScheduleTest {
  @Test
  void learningRateRisesThenFallsToNothing() {
    Schedule schedule = new Schedule(1, 10, 0.01f, 0, 0.1f);

    assertThat(schedule.rate(0, 100)).isBetween(0.0001f, 0.002f);
    assertThat(schedule.rate(10, 100)).isEqualTo(0.01f);
    assertThat(schedule.rate(55, 100)).isBetween(0.0049f, 0.0051f);
    assertThat(schedule.rate(100, 100)).isLessThan(1e-6f);
  }
}

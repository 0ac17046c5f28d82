package dev.mekiki.reliability.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static final long MINUTES = 30;

  @Test
  void aWarmUpIsNoGrowth() {
    assertThat(share(minute -> minute < 10 ? 100 + 10 * minute : 200)).isZero();
  }

  @Test
  void whatGrowsAfterTheWarmUpIsSeen() {
    assertThat(share(minute -> 200 + 2 * minute)).isCloseTo(0.153, within(0.01));
    assertThat(share(minute -> 200 - minute)).isNegative();
  }

  @Test
  void aProcessThatWasNotThereAtTheEndHasNoGrowth() {
    assertThat(growths(samples(minute -> 200).subList(0, 20))).isEmpty();
  }

  @Test
  void theTableShowsWhatIsBeyondTheHeap() {
    Map<Part, Long> before = Map.of(Part.RESIDENT, 400L << 20, Part.HEAP, 300L << 20);
    Map<Part, Long> after = Map.of(Part.RESIDENT, 420L << 20, Part.HEAP, 300L << 20);

    String table = MemoryTable.markdown(List.of(new Growth("index-1", before, after)), 0.7);

    assertThat(table)
        .contains("70 % of the processors")
        .contains("| index-1 | 400 → 420 | 5.0 % | 300 → 300 |  |  | 100 → 120 |");
  }

  @Test
  void theMemoryOfAProcessIsRead() {
    assertThat(MemoryWatch.resident(ProcessHandle.current().pid()).orElse(0))
        .isGreaterThan(20L << 20);
    assertThat(MemoryWatch.resident(Integer.MAX_VALUE)).isEmpty();
  }

  private static double share(LongUnaryOperator residentAtMinute) {
    return growths(samples(residentAtMinute)).getFirst().share();
  }

  private static List<Growth> growths(List<Sample> samples) {
    return Growth.of(samples, at(0), at(MINUTES));
  }

  private static List<Sample> samples(LongUnaryOperator residentAtMinute) {
    List<Sample> samples = new ArrayList<>();
    for (long minute = 0; minute <= MINUTES; minute++) {
      samples.add(
          new Sample(
              at(minute), "index-1", Map.of(Part.RESIDENT, residentAtMinute.applyAsLong(minute))));
    }
    return samples;
  }

  private static Instant at(long minute) {
    return Instant.ofEpochSecond(60 * minute);
  }
}

package dev.mekiki.reliability.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.reliability.load.Operation.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void theSameSeedGivesTheSameLoad() throws IOException {
    assertThat(load(1)).isEqualTo(load(1)).isNotEqualTo(load(2));
  }

  @Test
  void everyKindComesAtItsTime() throws IOException {
    List<Operation> load = load(1);

    assertThat(load)
        .extracting(Operation::kind)
        .contains(Arrays.copyOf(Kind.values(), Kind.values().length));
    assertThat(load).hasSizeBetween(400, 800);
    assertThat(load)
        .isSortedAccordingTo((a, b) -> a.due().compareTo(b.due()))
        .allMatch(operation -> operation.due().compareTo(MINUTE) < 0);
    assertThat(load).extracting(Operation::number).doesNotHaveDuplicates();
  }

  @Test
  void copiesOfWhatIsDeletedComeUnderNewIds() throws IOException {
    Schedule schedule = new Schedule(1, Pictures.drawn(4, 1));
    List<Operation> beginning = schedule.beginning(20);

    List<List<Operation>> phases = schedule.afterlife(5);

    assertThat(phases.getFirst()).hasSize(5).allMatch(operation -> operation.kind() == Kind.DELETE);
    assertThat(phases.getLast())
        .hasSize(5)
        .noneMatch(copy -> beginning.stream().anyMatch(before -> before.id().equals(copy.id())));
  }

  private static List<Operation> load(long seed) throws IOException {
    return new Schedule(seed, Pictures.drawn(4, seed)).steady(MINUTE, 10);
  }
}

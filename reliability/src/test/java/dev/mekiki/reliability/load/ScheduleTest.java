package dev.mekiki.reliability.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.reliability.load.Operation.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
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
    List<List<Operation>> phases = Schedule.afterlife(1, Pictures.drawn(4, 1), 5);

    List<String> ids = phases.getFirst().stream().map(Operation::id).toList();
    assertThat(phases.get(1))
        .allMatch(operation -> operation.kind() == Kind.DELETE)
        .extracting(Operation::id)
        .isEqualTo(ids);
    assertThat(phases.get(2)).hasSize(5).noneMatch(copy -> ids.contains(copy.id()));
  }

  private static List<Operation> load(long seed) throws IOException {
    Iterator<Operation> endless = new Schedule(seed, Pictures.drawn(4, seed)).steady(10);
    List<Operation> load = new ArrayList<>();
    for (Operation next = endless.next(); next.due().compareTo(MINUTE) < 0; next = endless.next()) {
      load.add(next);
    }
    return load;
  }
}

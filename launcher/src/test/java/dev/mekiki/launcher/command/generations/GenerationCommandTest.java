package dev.mekiki.launcher.command.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.index.generations.GenerationIndexes;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.runtime.kafka.GroupProgress.Progress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GenerationCommandTest {
  @Test
  void wrongUsageIsRefused() {
    Execution.of("generation").assertFailedWith(ExitCode.USAGE, "a command is missing");
    Execution.of("generation", "prepare", "built-in", "--partitions", "0")
        .assertFailedWith(ExitCode.USAGE, "--partitions: 0 (expected: 1..1024)");
    Execution.of("generation", "activate").assertFailedWith(ExitCode.USAGE, "GENERATION");
  }

  @Test
  void theTimeLeftFollowsFromTwoLooks() {
    assertThat(GenerationListCommand.secondsLeft(left(3_000), left(1_000), 2)).isEqualTo(1);
    assertThat(GenerationListCommand.secondsLeft(left(1_000), left(0), 2)).isEqualTo(0);
    assertThat(GenerationListCommand.secondsLeft(left(1_000), left(1_000), 2)).isNull();
    assertThat(GenerationListCommand.secondsLeft(left(1_000), left(1_500), 2)).isNull();
  }

  @Test
  void theBalanceIsOfTheImagesThatThereAre() {
    CenterTable centers =
        new CenterTable(
            16, List.of(HashCode.of(16, 0), HashCode.of(16, 0xFFFF)), List.of("cat", "owl"));
    Routing routing = new Routing(centers, 2, List.of(0, 1));
    Balance balance =
        Balance.of(
            routing,
            Map.of(
                "a", HashCode.of(16, 0),
                "b", HashCode.of(16, 3),
                "c", HashCode.of(16, 1),
                "d", HashCode.of(16, 0xFFFE)));
    assertThat(balance.fullestOverMean()).isEqualTo(1.5);
    assertThat(balance.meanShell()).isEqualTo(1);
    assertThat(Balance.of(routing, Map.of())).isEqualTo(new Balance(0, 0));
  }

  @Test
  void bucketsAreSplitWhereOnePartitionWouldHoldMostImages() {
    CenterTable centers =
        new CenterTable(
            16, List.of(HashCode.of(16, 0), HashCode.of(16, 0xFFFF)), List.of("cat", "owl"));
    Routing routing = new Routing(centers, 4, List.of(0, 1));
    Map<String, HashCode> codes = new HashMap<>();
    for (int i = 0; i < 399; i++) {
      codes.put("image" + i, HashCode.of(16, i % 20 == 0 ? 0xFFFF : 0));
    }
    assertThat(Balance.improved(routing, codes)).as("few images").isSameAs(routing);

    codes.put("image399", HashCode.of(16, 0));
    Routing improved = Balance.improved(routing, codes);
    assertThat(Balance.of(routing, codes).fullestOverMean()).isEqualTo(3.8);
    assertThat(improved.splitBuckets()).isEqualTo(1);
    assertThat(Balance.of(improved, codes).fullestOverMean()).isLessThan(1.5);
    assertThat(Balance.improved(improved, codes)).as("even").isSameAs(improved);
  }

  private static GenerationIndexes.State left(long codes) {
    return new GenerationIndexes.State(1, new Progress(0, codes), new Progress(0, 0));
  }
}

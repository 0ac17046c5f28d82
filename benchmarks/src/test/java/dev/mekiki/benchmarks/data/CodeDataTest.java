package dev.mekiki.benchmarks.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CodeDataTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"16", "32", "48", "64", "128", "256"})
  void sameSeedGivesTheSameCodesAndAnotherSeedOthers(String bits) throws IOException {
    CodeData data = options("--bits", bits, "--seed", "7").load(1000, 10);

    assertThat(options("--bits", bits, "--seed", "7").load(1000, 10).codes().array())
        .isEqualTo(data.codes().array());
    assertThat(options("--bits", bits, "--seed", "8").load(1000, 10).codes().array())
        .isNotEqualTo(data.codes().array());
  }

  @Test
  void moreCodesLeaveTheQueriesAsTheyAre() throws IOException {
    assertThat(options().load(1000, 10).queries().array())
        .isEqualTo(options().load(2000, 10).queries().array());
  }

  @Test
  void clusteredCodesDifferFromTheirCentersInOneBitOfTwenty() throws IOException {
    CodeData data = options().load(20_000, 1);
    int[] shells = new int[65];
    for (int i = 0; i < data.codes().size(); i++) {
      shells[data.centers().cell(data.codes().code(i)).shell()]++;
    }

    double near = Arrays.stream(shells, 0, 12).sum();
    double bits = 0;
    for (int shell = 0; shell < 12; shell++) {
      bits += (double) shell * shells[shell];
    }
    assertThat(near / data.codes().size()).isBetween(0.94, 0.96);
    assertThat(bits / near).isBetween(3.1, 3.3);
  }

  @Test
  void hotCodesLieNearOneCenter() throws IOException {
    CodeData data = options("--hot", "0.5").load(20_000, 1);
    int near = 0;
    for (int i = 0; i < data.codes().size(); i++) {
      near += data.centers().cell(data.codes().code(i)).center() == 0 ? 1 : 0;
    }
    assertThat((double) near / data.codes().size()).isBetween(0.46, 0.50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"16", "64", "128"})
  void writtenCodesAreReadBack(String bits) throws IOException {
    CodeData data = options("--bits", bits).load(70_000, 30);
    Path file = directory.resolve("codes.bin");
    data.write(file);

    CodeData read = options("--bits", bits, "--distribution", file.toString()).load(70_000, 30);

    assertThat(read.codes().array()).isEqualTo(data.codes().array());
    assertThat(read.queries().array()).isEqualTo(data.queries().array());
  }

  @Test
  void fileHasTheWordsOfACodeSideBySideInLittleEndianOrder() throws IOException {
    CodeData data = options("--bits", "128").load(3, 1);
    Path file = directory.resolve("codes.bin");
    data.write(file);

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.remaining()).isEqualTo(4 * 16);
    assertThat(bytes.getLong(16)).isEqualTo(data.codes().code(1).word(0));
    assertThat(bytes.getLong(24)).isEqualTo(data.codes().code(1).word(1));
    assertThat(bytes.getLong(48)).isEqualTo(data.queries().code(0).word(0));
  }

  @Test
  void fileOfAnotherLengthIsRefusedWithWhatWasExpected() throws IOException {
    Path file = directory.resolve("codes.bin");
    options().load(10, 5).write(file);

    assertThatThrownBy(() -> options("--distribution", file.toString()).load(10, 6))
        .isInstanceOf(StartException.class)
        .hasMessageContainingAll("codes.bin", "120 bytes", "128");
  }

  @Test
  void idsAreAllDifferentAndTellTheirNumber() {
    Set<String> ids = new HashSet<>();
    for (int number : new int[] {0, 1, 2, 999, 1_000_000, ImageIds.MAX_COUNT - 1}) {
      assertThat(ImageIds.number(ImageIds.of(number))).isEqualTo(number);
      assertThat(ImageIds.of(number)).endsWith("%08d".formatted(ImageIds.rank(number)));
      ids.add(ImageIds.of(number));
    }
    assertThat(ids).hasSize(6);
  }

  private static DataOptions options(String... arguments) {
    DataOptions options = new DataOptions();
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("data", spec(options)))
        .parseArgs(arguments);
    return options;
  }

  private static CommandLine.Model.CommandSpec spec(DataOptions options) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
  }
}

package dev.mekiki.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What is refused before any picture is read.
final class QualityCommandTest {
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(strings = {"crh", "crh-centers", "csq,crh"})
  void centersThatChangeInTrainingCannotBeResumed(String methods) {
    execute("--fine-tune", "--checkpoints", "kept", "--methods", methods);

    assertThat(err.toString())
        .contains("--checkpoints: with crh or crh-centers", "(expected: without it, or --methods");
  }

  @Test
  void aTableOfOtherClassesIsRefused(@TempDir Path directory) throws Exception {
    Path table = Files.writeString(directory.resolve("two.csv"), "1,0\n0,1\n");
    execute("--similarity", table.toString());

    assertThat(err.toString()).contains(table + " has 2 classes (expected: 100)");
  }

  @Test
  void aWeightOutOfRangeIsRefused(@TempDir Path directory) throws Exception {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      rows.append("0,".repeat(i)).append('1').append(",0".repeat(99 - i)).append('\n');
    }
    Path table = Files.writeString(directory.resolve("hundred.csv"), rows);
    execute("--similarity", table.toString(), "--weight", "0.5,2");

    assertThat(err.toString()).contains("weight: 2.0 (expected: 0..1)");
  }

  private void execute(String... arguments) {
    String[] all = new String[arguments.length + 4];
    System.arraycopy(new String[] {"--data", "none", "--backbone", "none"}, 0, all, 0, 4);
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    int exitCode =
        new CommandLine(new QualityCommand()).setErr(new PrintWriter(err, true)).execute(all);

    assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
  }
}

package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The `mekiki` script on what Maven alone has built, as container images are made: there is no
/// stamp of a build by the script itself.
final class ScriptIT {
  @TempDir private Path directory;

  @Test
  void commandsThatShareClassesSayWhatIsWrong() throws Exception {
    Path none = directory.resolve("none");

    assertThat(run("train", "--images", none.toString()))
        .contains("--images " + none + ": no such directory");
    assertThat(run("evaluate", none.toString(), "--edits", directory.toString()))
        .contains("bundle: " + none + ": no such file");
    assertThat(run("refine", none.toString(), "--data", directory.toString()))
        .contains("bundle: " + none + ": no such file");
    assertThat(run("adapt", none.toString(), "--images", directory.toString()))
        .contains("bundle: " + none + ": no such file");
  }

  /// Without it, PyTorch's oneDNN ends the JVM on some processors.
  @ParameterizedTest
  @ValueSource(strings = {"train", "refine", "adapt"})
  void commandsThatTrainAskForNoMoreThanAvx2(String command) throws Exception {
    Path processes = Path.of("/proc/self/environ");
    assumeTrue(Files.isReadable(processes), () -> "skipped: no " + processes);
    Process process = start(directory.resolve("output").toFile(), command, "--help");
    Path environment = Path.of("/proc/" + process.pid() + "/environ");
    boolean found = false;
    while (!found && process.isAlive()) {
      found = Files.readString(environment).contains("ONEDNN_MAX_CPU_ISA=AVX2");
      Thread.sleep(10);
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();

    assertThat(process.exitValue()).isZero();
    assertThat(found).isTrue();
  }

  /// What a command says that fails.
  private String run(String... arguments) throws Exception {
    File output = directory.resolve("output").toFile();
    Process process = start(output, arguments);
    boolean ended = process.waitFor(1, TimeUnit.MINUTES);
    process.destroyForcibly();
    String said = Files.readString(output.toPath());
    assertThat(ended).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(1);
    return said;
  }

  private static Process start(File output, String... arguments) throws IOException {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"));
    ProcessBuilder builder =
        new ProcessBuilder(root.resolve("mekiki").toString())
            .redirectErrorStream(true)
            .redirectOutput(output);
    builder.command().addAll(List.of(arguments));
    builder.environment().put("MEKIKI_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }
}

package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  }

  /// What a command says that fails.
  private String run(String... arguments) throws Exception {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"));
    File output = directory.resolve("output").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(root.resolve("mekiki").toString())
            .redirectErrorStream(true)
            .redirectOutput(output);
    builder.command().addAll(List.of(arguments));
    builder.environment().put("MEKIKI_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    boolean ended = process.waitFor(1, TimeUnit.MINUTES);
    process.destroyForcibly();
    String said = Files.readString(output.toPath());
    assertThat(ended).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(1);
    return said;
  }
}

package dev.mekiki.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mekiki.launcher.command.options.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scripts for shells, run by these shells.
class CompletionCommandTest {
  @TempDir private Path directory;

  private Path script(String shell) throws IOException {
    Execution result = Execution.of("completion", shell);
    result.assertOk();
    return Files.writeString(directory.resolve("completion"), result.out());
  }

  private static List<String> run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return lines;
  }

  /// What bash offers for a line, as its completion is asked.
  private List<String> offered(Path script, String... words) throws Exception {
    String line =
        ". %s; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE=\"${COMP_WORDS[*]}\"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; _complete_mekiki 2>/dev/null; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(script, "'" + String.join("' '", words) + "'", words.length - 1);
    return run("bash", "--norc", "-c", line).stream().map(String::strip).toList();
  }

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    Path script = script("bash");

    assertThat(offered(script, "mekiki", "doc")).containsExactly("doctor");
    assertThat(offered(script, "mekiki", "mute", "")).contains("add", "list", "remove");
    assertThat(offered(script, "mekiki", "search", "--ra")).containsExactly("--radius");
    assertThat(offered(script, "mekiki", "completion", "")).contains("bash", "zsh");
  }

  @Test
  void zshTakesTheScript() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/zsh")) || Files.isExecutable(Path.of("/bin/zsh")),
        "zsh is not installed: its completion cannot be tried");
    Path script = script("zsh");

    assertThat(Files.readString(script)).startsWith("#compdef mekiki");
    assertThat(run("zsh", "-f", "-c", ". " + script + " && print -r -- ${_comps[mekiki]}"))
        .last()
        .asString()
        .contains("_complete_mekiki");
  }

  @Test
  void anotherShellIsRefused() {
    Execution.of("completion", "fish").assertFailedWith(ExitCode.USAGE, "fish", "bash, zsh");
  }
}

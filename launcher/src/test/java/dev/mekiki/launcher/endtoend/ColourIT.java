package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mekiki.launcher.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Colour goes to terminals alone, and not to those whose users want none.
class ColourIT {
  private static final Path TERMINAL = Path.of("/usr/bin/script");
  private static final String ESCAPE = "\u001b[";

  private static final String HELP =
      "%s -XX:TieredStopAtLevel=1 -cp %s %s --help"
          .formatted(
              Path.of(System.getProperty("java.home"), "bin", "java"),
              CommandLineProcess.classPath(),
              Main.class.getName());

  @BeforeAll
  static void terminalIsThere() {
    assumeTrue(Files.isExecutable(TERMINAL), "script is not installed: it makes a terminal");
  }

  private static String run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("NO_COLOR");
    builder.environment().put("TERM", "xterm");
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output).contains("mekiki").contains("search");
    return output;
  }

  @Test
  void colourIsForTerminalsAlone() throws Exception {
    List<String> onTerminal = List.of(TERMINAL.toString(), "-qec", HELP, "/dev/null");

    assertThat(run(Map.of(), onTerminal)).contains(ESCAPE);
    assertThat(run(Map.of("NO_COLOR", "1"), onTerminal)).doesNotContain(ESCAPE);
    assertThat(run(Map.of(), List.of("sh", "-c", HELP))).doesNotContain(ESCAPE);
  }
}

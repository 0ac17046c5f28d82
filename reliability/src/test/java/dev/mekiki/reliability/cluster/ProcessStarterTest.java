package dev.mekiki.reliability.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessStarterTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void whatItStartsEndsWithTheProcessThatIsKilled() throws Exception {
    assumeThat(Files.isExecutable(Path.of("/usr/bin/setpriv"))).isTrue();
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Commands.classPath(),
                Parent.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    ProcessHandle child;
    try (BufferedReader output = parent.inputReader(StandardCharsets.UTF_8)) {
      child = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
      assertThat(child.isAlive()).isTrue();
    } finally {
      parent.destroyForcibly().waitFor();
    }

    boolean ended = Cluster.await(Instant.now().plus(LIMIT), () -> !child.isAlive());
    child.destroyForcibly();
    assertThat(ended).isTrue();
  }

  @Test
  void theEndOfAThreadEndsNothing() throws Exception {
    Process[] started = new Process[1];
    Thread starter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                started[0] = ProcessStarter.start(new ProcessBuilder("sleep", "60"), 0);
              } catch (IOException e) {
                throw new AssertionError(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    starter.join();
    try {
      assertThat(started[0].waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
    } finally {
      started[0].destroyForcibly();
    }
  }

  /// Starts a process, says which, and stays.
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      System.out.println(ProcessStarter.start(new ProcessBuilder("sleep", "60"), 0).pid());
      Thread.sleep(Duration.ofMinutes(1));
    }
  }
}

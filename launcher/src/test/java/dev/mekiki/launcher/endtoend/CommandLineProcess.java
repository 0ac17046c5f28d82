package dev.mekiki.launcher.endtoend;

import dev.mekiki.launcher.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The real command line as a process of its own, which can be killed.
final class CommandLineProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private CommandLineProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /// @param errors where its standard error goes
  static CommandLineProcess start(Path errors, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-Djava.awt.headless=true",
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath(),
            Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    builder.environment().put("DJL_OFFLINE", "true");
    return new CommandLineProcess(builder.start());
  }

  /// Reads its output up to the first line with the given text.
  ///
  /// @throws AssertionError where it ends before
  String awaitLine(String text) throws IOException {
    StringBuilder read = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains(text)) {
        return line;
      }
      read.append(line).append('\n');
    }
    throw new AssertionError("ended without '%s' in its output:%n%s".formatted(text, read));
  }

  /// kill -9.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /// Ends it as Ctrl-C does, by force where that takes longer than 30 s.
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    output.close();
  }

  static String classPath() {
    // Surefire starts this JVM from a jar that only names the class path.
    String surefire = System.getProperty("surefire.test.class.path");
    return surefire == null ? System.getProperty("java.class.path") : surefire;
  }
}

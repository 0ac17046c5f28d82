package dev.mekiki.index.cluster;

import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.runtime.config.Configuration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An index instance in a JVM of its own, to be killed.
final class IndexProcess implements AutoCloseable {
  private static final String READY = "READY ";

  private final Process process;
  private final String address;

  private IndexProcess(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /// Starts a process and waits until it is ready.
  static IndexProcess start(Map<String, String> configuration) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx384m",
            "-XX:TieredStopAtLevel=1",
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            IndexProcess.class.getName()));
    configuration.forEach((key, value) -> command.add(key + "=" + value));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(READY)) {
          Thread.ofVirtual().start(() -> output.lines().forEach(IndexProcess::drop));
          return new IndexProcess(process, line.substring(READY.length()));
        }
        System.out.println(line);
      }
      throw new AssertionError("index process ended before it was ready");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void drop(String line) {
    if (line.contains("ERROR")) {
      System.out.println(line);
    }
  }

  String address() {
    return address;
  }

  /// SIGKILL.
  void kill() {
    process.destroyForcibly();
  }

  /// Sends a signal by its name without "SIG".
  void signal(String name) throws IOException {
    try {
      int exit =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IOException("kill -%s ended with %d".formatted(name, exit));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /// Arguments: key=value of the configuration.
  public static void main(String[] arguments) {
    Map<String, String> configuration = new HashMap<>();
    for (String argument : arguments) {
      int at = argument.indexOf('=');
      configuration.put(argument.substring(0, at), argument.substring(at + 1));
    }
    IndexService service = IndexService.start(Configuration.of(IndexConfig.class, configuration));
    Cluster.awaitReady(service);
    System.out.println(READY + service.address());
    // As the launcher does.
    service.failure().toCompletableFuture().join();
    System.exit(1);
  }
}

package dev.mekiki.benchmarks.scale;

import dev.mekiki.benchmarks.testbed.Gauges;
import dev.mekiki.runtime.StartException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `mekiki index` as a process of its own: the command line of the product, with the class path and
/// the JVM flags of this process, but for its heap.
final class IndexProcess implements AutoCloseable {
  /// Named, not referred to: the launcher depends on the benchmarks.
  private static final String MAIN = "dev.mekiki.launcher.Main";

  private static final Pattern LISTENS = Pattern.compile("index listens at (\\S+) after");
  private static final Pattern OWN_FLAG =
      Pattern.compile("-Xm[sxn].*|-XX:(Max|Initial|Min)RAM.*|-agent.*|-javaagent.*|-Dmekiki\\..*");
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int HTTP_OK = 200;

  private final Process process;
  private final Path log;
  private final Path directory;
  private final RemoteJvm jvm;
  private final Gauges gauges;

  private IndexProcess(Process process, Path log, Path directory) throws InterruptedException {
    this.process = process;
    this.log = log;
    this.directory = directory;
    boolean started = false;
    try {
      String address = awaitAddress();
      this.gauges = new Gauges(address);
      this.jvm = RemoteJvm.of(process.pid());
      awaitReady(address);
      started = true;
    } catch (IOException e) {
      throw new StartException("index process %d: %s".formatted(process.pid(), e), e);
    } finally {
      if (!started) {
        process.destroyForcibly();
      }
    }
  }

  /// Starts one and waits until it is ready.
  ///
  /// @param directory where its state and its log lie
  /// @param heap largest heap, as `-Xmx` takes it
  /// @param settings configuration keys
  static IndexProcess start(Path directory, String heap, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path state = Files.createDirectories(state(directory));
    Path log = directory.resolve("log-" + System.nanoTime());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !OWN_FLAG.matcher(flag).matches())
        .forEach(command::add);
    command.addAll(List.of("-Xmx" + heap, "-cp", classPath(), MAIN, "index"));
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    command.addAll(List.of("--set", "mekiki.index.port=0"));
    command.addAll(List.of("--set", "mekiki.index.state-dir=" + state));
    File output = log.toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    return new IndexProcess(process, log, directory);
  }

  Gauges gauges() {
    return gauges;
  }

  RemoteJvm jvm() {
    return jvm;
  }

  /// Where its state and its log lie.
  Path directory() {
    return directory;
  }

  /// Bytes of its state on disk; of an ended process, or part of it may still be in memory.
  long storeBytes() throws IOException {
    try (Stream<Path> files = Files.walk(state(directory))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static Path state(Path directory) {
    return directory.resolve("state");
  }

  /// kill -9.
  void kill() throws InterruptedException {
    disconnect();
    process.destroyForcibly();
    process.waitFor();
  }

  /// Ends it as Ctrl-C does, by force where that takes longer than a minute.
  @Override
  public void close() {
    disconnect();
    process.destroy();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void disconnect() {
    try {
      jvm.close();
    } catch (IOException e) {
      // The process has already ended. Whatever needs it fails with a message of its own.
      return;
    }
  }

  private String awaitAddress() throws InterruptedException {
    String[] address = new String[1];
    long _ =
        Gauges.await(
            "an address in " + log,
            START_LIMIT,
            () -> {
              String text = text();
              Matcher listens = LISTENS.matcher(text);
              if (listens.find()) {
                address[0] = listens.group(1);
              } else if (!process.isAlive()) {
                throw new StartException("it ended:%n%s".formatted(text));
              }
              return address[0] != null;
            });
    return address[0];
  }

  private void awaitReady(String address) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + "/readyz")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      long _ =
          Gauges.await(
              "readiness of " + address,
              START_LIMIT,
              () -> {
                try {
                  return client.send(request, BodyHandlers.discarding()).statusCode() == HTTP_OK;
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                  throw new StartException("interrupted while starting", e);
                }
              });
    }
  }

  private String text() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String classPath() {
    // Surefire starts its JVM from a jar that only names the class path.
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}

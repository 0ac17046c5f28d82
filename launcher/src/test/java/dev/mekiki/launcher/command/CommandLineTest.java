package dev.mekiki.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.files.DirectoryLock;
import dev.mekiki.launcher.command.options.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/// The command line without a running service: help, configuration, and every failure as one
/// message without a stack trace.
class CommandLineTest {
  /// A service that starts tries to reach a broker once.
  private static final String AT_ONCE = "mekiki.kafka.start-timeout=1s";

  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpWithAnExample(String command) {
    Execution result = execute(command, "--help");

    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(result.out()).contains("Usage: mekiki " + command).contains("Example");
  }

  /// Help texts are format strings: a single % makes picocli print a warning above the help.
  @Test
  void everyHelpTextIsAFormatString() {
    CommandJvmTest.commands()
        .forEach(words -> {
          CommandLine command = MekikiCommand.commandLine();
          for (String word : words) {
            command = Objects.requireNonNull(command.getSubcommands().get(word), word);
          }
          UsageMessageSpec usage = command.getCommandSpec().usageMessage();
          Stream.of(usage.description(), usage.footer())
              .flatMap(Stream::of)
              .forEach(text -> assertThat(String.format(text)).isNotNull());
        });
  }

  @Test
  void anUnknownCommandIsWrongUsage() {
    Execution result = execute("serach");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("serach").contains("search");
  }

  @Test
  void versionNamesItselfAndJava() {
    assertThat(execute("--version").out()).contains("mekiki ").contains("Java ");
  }

  @Test
  void anUnreachableServerIsReportedWithItsRemedy() throws IOException {
    execute("status", "--server", "127.0.0.1:" + closedPort())
        .assertFailedWith(ExitCode.FAILED, "not reachable", "mekiki up", "--server");
  }

  @Test
  void anUnreachableBrokerIsReportedWithinFifteenSeconds() throws IOException {
    String broker = "127.0.0.1:" + closedPort();
    long start = System.nanoTime();

    execute("index", "--bootstrap", broker, "--set", "mekiki.index.port=0", "--set", AT_ONCE)
        .assertFailedWith(ExitCode.FAILED, "Kafka at " + broker, "expected");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }

  @ParameterizedTest
  @ValueSource(strings = {"encoder", "index", "query"})
  void aServiceBeyondLoopbackNeedsATokenOrLeaveToDoWithout(String service) throws IOException {
    // The broker is asked only once the address may be listened on.
    String broker = "127.0.0.1:" + closedPort();
    String host = "mekiki.%s.host=0.0.0.0".formatted(service);
    String token = Files.writeString(directory.resolve("token"), "0123456789abcdef").toString();

    execute(service, "--bootstrap", broker, "--set", host)
        .assertFailedWith(
            ExitCode.FAILED,
            "mekiki.%s.host: '0.0.0.0'".formatted(service),
            "--token-file",
            "--insecure");
    execute(service, "--bootstrap", broker, "--set", host, "--set", AT_ONCE, "--token-file", token)
        .assertFailedWith(ExitCode.FAILED, "Kafka at " + broker);
  }

  @Test
  void everythingInOneProcessIsRefusedBeyondLoopbackBeforeItStarts() {
    Path data = directory.resolve("data");
    execute("up", "--data", data.toString(), "--set", "mekiki.query.host=0.0.0.0")
        .assertFailedWith(
            ExitCode.FAILED, "mekiki.query.host: '0.0.0.0'", "--token-file", "--insecure");
    assertThat(data.resolve("broker")).doesNotExist();
  }

  @Test
  void aTokenFileThatIsNotThereIsReported() {
    String missing = directory.resolve("none").toString();
    execute("query", "--token-file", missing)
        .assertFailedWith(ExitCode.FAILED, "mekiki.server.token-file: '" + missing);
    execute("status", "--token-file", missing)
        .assertFailedWith(ExitCode.FAILED, "--token-file", missing);
    execute("status", "--trust-file", missing)
        .assertFailedWith(ExitCode.FAILED, "--trust-file", missing);
  }

  @Test
  void aServerThatIsNeitherHostAndPortNorUrlIsReported() {
    execute("status", "--server", "ftp://127.0.0.1:1")
        .assertFailedWith(ExitCode.FAILED, "--server", "https://");
  }

  @Test
  void aDataDirectoryInUseIsReportedWithItsRemedy() throws Exception {
    try (DirectoryLock lock = DirectoryLock.acquire(directory, "test", "none")) {
      assertThat(lock.directory()).isEqualTo(directory);

      execute("up", "--data", directory.toString())
          .assertFailedWith(ExitCode.FAILED, directory.toString(), "in use", "--data");
    }
  }

  @Test
  void aPortInUseIsReportedWithItsNumber() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(socket.getLocalPort());

      execute("broker", "--data", directory.toString(), "--port", port)
          .assertFailedWith(ExitCode.FAILED, port);
    }
  }

  @Test
  void aMissingFileIsReported() {
    execute("search", directory.resolve("none.jpg").toString(), "--server", "127.0.0.1:1")
        .assertFailedWith(ExitCode.FAILED, "none.jpg", "no such file");
    execute("ingest", directory.resolve("none").toString(), "--server", "127.0.0.1:1")
        .assertFailedWith(ExitCode.FAILED, "none", "does not exist");
  }

  @Test
  void configShowsValuesWithTheirOriginAndMasksSecrets() throws IOException {
    Path file = directory.resolve("mekiki.properties");
    Files.writeString(
        file, "mekiki.match.radius=6\nmekiki.kafka.client.sasl.jaas.config=user and password\n");
    Execution result =
        execute("config", "--config", file.toString(), "--set", "mekiki.index.port=7100");

    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(result.out().lines())
        .anyMatch(line -> line.matches("mekiki\\.match\\.radius +6 +file .*mekiki.properties"))
        .anyMatch(line -> line.matches("mekiki\\.index\\.port +7100 +command line"))
        .anyMatch(line -> line.matches("mekiki\\.query\\.port +8080 +default"))
        .noneMatch(line -> line.contains("user and password"));
  }

  @Test
  void unknownKeysAreRefusedAllAtOnce() {
    Execution result =
        execute("config", "--set", "mekiki.match.radios=6", "--set", "mekiki.index.port=many");

    result.assertFailedWith(ExitCode.FAILED, "mekiki.match.radios", "mekiki.index.port");
  }

  static List<String> commands() {
    return new ArrayList<>(
        MekikiCommand.commandLine().getSubcommands().keySet().stream()
            .filter(name -> !name.equals("help"))
            .sorted()
            .toList());
  }

  private static Execution execute(String... arguments) {
    return Execution.of(arguments);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.utility.DockerImageName;

/// An installation of Mekiki in containers of the image that this build makes: one network, a
/// volume for each role that keeps something, read-only root file systems, secrets by file. Removes
/// all of it on {@link #close}.
final class Containers implements AutoCloseable {
  /// Docker's own default, after which it kills.
  static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private static final int START_ATTEMPTS = 3;
  static final Duration START_LIMIT = Duration.ofMinutes(3);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final String PUBLIC_BASE = "debian:bookworm-slim";
  private static final String TOKEN_FILE = "/run/secrets/mekiki-token";
  private static final int BROKER_EXTERNAL_PORT = 9094;
  private static final int QUERY_PORT = 8080;
  private static final int STOPPED_BY_SIGTERM = 128 + 15;

  private final String image;
  private final Path logs;
  private final Path token;
  private final DockerClient docker = DockerClientFactory.instance().client();
  private final Network network = Network.newNetwork();
  private final String prefix = "mekiki-test-" + ProcessHandle.current().pid() + "-";
  private final int brokerPort = KillIT.freePort();
  private final int queryPort = KillIT.freePort();
  private final Map<String, GenericContainer<?>> running = new LinkedHashMap<>();
  private final Map<String, String> volumes = new HashMap<>();

  /// @param image what to run
  /// @param token a file with the token that all services ask for
  Containers(String image, Path token) throws IOException {
    this.image = image;
    this.token = token;
    this.logs = root().resolve("launcher/target/containers");
    Files.createDirectories(logs);
  }

  /// The base to build on, if there is one on this machine: tests ask no registry.
  static String base() {
    String named = System.getenv("MEKIKI_TEST_BASE_IMAGE");
    for (String candidate : named == null ? List.of(PUBLIC_BASE) : List.of(named, PUBLIC_BASE)) {
      try {
        DockerClientFactory.instance().client().inspectImageCmd(candidate).exec();
        return candidate;
      } catch (NotFoundException e) {
        System.err.printf("no image %s on this machine%n", candidate);
      }
    }
    return "";
  }

  /// Builds the image as an operator does, from the jars that this build has packaged.
  static void buildImage(String base, String tag) throws IOException, InterruptedException {
    File log = root().resolve("launcher/target/docker-build.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(root().resolve("docker/build").toString(), "--base", base, "--tag", tag)
            .redirectErrorStream(true)
            .redirectOutput(log);
    builder.environment().put("MEKIKI_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended && process.exitValue() == 0)
        .as("docker/build: %s", Files.readString(log.toPath()))
        .isTrue();
  }

  private static Path root() {
    return Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"));
  }

  String bootstrapServers() {
    return "localhost:" + brokerPort;
  }

  /// The API's address.
  String server() {
    return "http://localhost:" + queryPort;
  }

  /// Makes a broker, an encoder, two index instances and a query service, on the volumes of those
  /// before where there were any, and waits until all are healthy.
  void startAll() {
    start(broker());
    start(encoder(), index("index-1"), index("index-2"), query());
  }

  private void start(GenericContainer<?>... containers) {
    Startables.deepStart(containers).join();
  }

  private GenericContainer<?> broker() {
    return container(
        "broker",
        "broker",
        Map.of(
            "MEKIKI_BROKER_ADVERTISED_ADDRESS", "broker:9092",
            "MEKIKI_BROKER_EXTERNAL_PORT", Integer.toString(BROKER_EXTERNAL_PORT),
            "MEKIKI_BROKER_EXTERNAL_ADDRESS", bootstrapServers()),
        Map.of(BROKER_EXTERNAL_PORT, brokerPort));
  }

  private GenericContainer<?> encoder() {
    return container(
        "encoder", "encoder", Map.of("MEKIKI_ENCODER_INSTANCE_ID", "encoder"), Map.of());
  }

  private GenericContainer<?> index(String name) {
    return container(
        name, "index", Map.of("MEKIKI_INDEX_ADVERTISED_ADDRESS", name + ":7072"), Map.of());
  }

  private GenericContainer<?> query() {
    return container(
        "query",
        "query",
        Map.of(
            "MEKIKI_QUERY_INDEX_ADDRESSES", "index-1:7072,index-2:7072",
            "MEKIKI_QUERY_ENCODER_ADDRESSES", "encoder:7071"),
        Map.of(QUERY_PORT, queryPort));
  }

  @SuppressWarnings("resource") // kept in `running`, and closed with it
  private GenericContainer<?> container(
      String name, String role, Map<String, String> environment, Map<Integer, Integer> ports) {
    String volume = volumes.computeIfAbsent(name, this::createVolume);
    Path log = logs.resolve(name + ".log");
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withImagePullPolicy(_ -> false)
            .withNetwork(network)
            .withNetworkAliases(name)
            .withEnv("MEKIKI_KAFKA_BOOTSTRAP_SERVERS", "broker:9092")
            .withEnv("MEKIKI_SERVER_TOKEN_FILE", TOKEN_FILE)
            .withEnv("MEKIKI_JAVA_OPTS", "-Xmx768m")
            .withEnv(environment)
            .withCommand(role)
            .withLogConsumer(frame -> append(log, frame.getUtf8String()))
            // As the restart policy of docker/compose.yaml: a service ends where Kafka is slow.
            .withStartupAttempts(START_ATTEMPTS)
            .waitingFor(new Healthy().withStartupTimeout(START_LIMIT))
            .withCreateContainerCmdModifier(command -> {
              HostConfig host = Objects.requireNonNull(command.getHostConfig());
              host.withReadonlyRootfs(true)
                  .withTmpFs(Map.of("/tmp", "rw,size=64m"))
                  .withBinds(
                      new Bind(volume, new Volume("/data")),
                      new Bind(token.toString(), new Volume(TOKEN_FILE), AccessMode.ro))
                  .withPortBindings(
                      ports.entrySet().stream()
                          .map(port ->
                              new PortBinding(
                                  Ports.Binding.bindPort(port.getValue()),
                                  ExposedPort.tcp(port.getKey())))
                          .toList());
              var _ = command.withName(prefix + name);
              var _ =
                  command.withExposedPorts(ports.keySet().stream().map(ExposedPort::tcp).toList());
            });
    running.put(name, container);
    return container;
  }

  private String createVolume(String name) {
    return docker.createVolumeCmd().withName(prefix + name).exec().getName();
  }

  /// `docker kill`.
  void kill(String name) {
    docker.killContainerCmd(id(name)).withSignal("KILL").exec();
  }

  /// `docker start`, waited for until healthy.
  void start(String name) {
    docker.startContainerCmd(id(name)).exec();
    await()
        .atMost(START_LIMIT)
        .pollInterval(POLL)
        .until(() -> "healthy".equals(inspect(name).getState().getHealth().getStatus()));
  }

  /// `docker stop`, which must not have come to kill it.
  void stop(String name) {
    long start = System.nanoTime();
    docker.stopContainerCmd(id(name)).withTimeout(Math.toIntExact(STOP_LIMIT.toSeconds())).exec();
    System.out.printf("%s stopped after %.1f s%n", name, (System.nanoTime() - start) / 1e9);
    assertThat(inspect(name).getState().getExitCodeLong())
        .as("exit code of %s", name)
        .isEqualTo(STOPPED_BY_SIGTERM);
  }

  /// Stops and removes every container; volumes stay.
  void stopAll() {
    List.copyOf(running.keySet()).reversed().forEach(this::stop);
    running.values().forEach(GenericContainer::close);
    running.clear();
  }

  /// What a command says inside a container.
  String exec(String name, String... command) throws IOException, InterruptedException {
    return Objects.requireNonNull(running.get(name)).execInContainer(command).getStdout().strip();
  }

  private InspectContainerResponse inspect(String name) {
    return docker.inspectContainerCmd(id(name)).exec();
  }

  private String id(String name) {
    return Objects.requireNonNull(running.get(name), name).getContainerId();
  }

  private static void append(Path log, String text) {
    try {
      Files.writeString(
          log, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The library's own asks without a pause, which takes one core from what is starting.
  private static final class Healthy extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {
      await().atMost(startupTimeout).pollInterval(POLL).until(waitStrategyTarget::isHealthy);
    }
  }

  @Override
  public void close() {
    running.values().forEach(GenericContainer::close);
    network.close();
    volumes.values().forEach(volume -> docker.removeVolumeCmd(volume).exec());
  }
}

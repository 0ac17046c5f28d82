package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/// Three brokers, two encoders, three index instances and two query services, each a process of its
/// own on the loopback address.
///
/// The processes are looked after as a container engine does it: one that ends unexpectedly is
/// noted and started again. Thread-safe.
public final class Cluster implements AutoCloseable {
  /// Of `images` and of placements.
  public static final int PARTITIONS = 4;

  private static final int BROKERS = 3;
  private static final int ENCODERS = 2;
  private static final int INDEXES = 3;
  private static final int QUERIES = 2;

  /// Linux distributions give such ids to nobody.
  private static final int FIRST_GROUP = 61_200;

  private static final Duration PAUSE = Duration.ofMillis(250);

  private final Path directory;
  private final Set<Means> means;
  private final Disks disks;
  private final Commands commands;
  private final Map<String, Clock> clocks = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private String bootstrapServers = "";
  private final List<Node> extra = new CopyOnWriteArrayList<>();
  private final Supervisor supervisor = new Supervisor();
  private final Readiness readiness = new Readiness();
  private final Map<String, String> indexSettings = new HashMap<>();
  private final Thread closer = new Thread(this::clear, "cluster-closer");
  private boolean closed;

  /// A cluster that is not started yet.
  ///
  /// @param directory receives logs, topics and state; created, and empty or missing
  /// @param means what its processes are prepared for
  /// @throws IOException where the means are not there
  public Cluster(Path directory, Set<Means> means) throws IOException {
    this.directory = Files.createDirectories(directory.toAbsolutePath().normalize());
    this.means = Set.copyOf(means);
    this.disks = new Disks(this.directory.resolve("disks"));
    this.commands =
        new Commands(
            new ClassArchives(Files.createDirectories(this.directory.resolve("archives"))));
    Files.createDirectories(directory.resolve("logs"));
    try {
      prepare();
    } catch (IOException | RuntimeException e) {
      disks.close();
      throw e;
    }
  }

  private void prepare() throws IOException {
    FreePorts ports = new FreePorts();
    bootstrapServers = addBrokers(ports);
    List<Integer> encoders = take(ports, ENCODERS);
    List<Integer> indexes = take(ports, INDEXES);
    ServiceSettings settings = new ServiceSettings(bootstrapServers, PARTITIONS, BROKERS);
    for (int i = 0; i < ENCODERS; i++) {
      String name = "encoder-" + (i + 1);
      int port = encoders.get(i);
      addService(name, Role.ENCODER, port, settings.encoder(name, port));
    }
    for (int i = 0; i < INDEXES; i++) {
      String name = "index-" + (i + 1);
      Path state = stateOf(name);
      // What is mounted cannot be deleted, and faults delete the state.
      mount(name, Role.INDEX, Objects.requireNonNull(state.getParent()));
      int port = indexes.get(i);
      addService(name, Role.INDEX, port, settings.index(state, port));
      if (i == 0) {
        indexSettings.putAll(settings.index(state, port));
      }
    }
    for (int i = 0; i < QUERIES; i++) {
      int port = ports.take();
      addService(
          "query-" + (i + 1),
          Role.QUERY,
          port,
          settings.query(port, addresses(encoders), addresses(indexes)));
    }
  }

  private String addBrokers(FreePorts ports) throws IOException {
    List<Integer> clients = take(ports, BROKERS);
    List<Integer> controllers = take(ports, BROKERS);
    String clusterId = Uuid.randomUuid().toString();
    for (int i = 0; i < BROKERS; i++) {
      String name = "broker-" + (i + 1);
      mount(name, Role.BROKER, directory.resolve(name));
      Path properties =
          BrokerFiles.write(directory.resolve(name), clusterId, i + 1, clients.get(i), controllers);
      nodes.add(
          new Node(
              name,
              Role.BROKER,
              List.of(clients.get(i), controllers.get(i)),
              nextGroup(),
              commands.broker(properties),
              clock(name),
              logOf(name)));
    }
    return addresses(clients);
  }

  private void addService(String name, Role role, int port, Map<String, String> settings)
      throws IOException {
    Map<String, String> environment = new HashMap<>(clock(name));
    // As the `mekiki` command runs them; PyTorch spares the other processes its threads.
    environment.putAll(
        Map.of("DJL_OFFLINE", "true", "OMP_NUM_THREADS", "1", "TORCH_CPP_LOG_LEVEL", "ERROR"));
    nodes.add(
        new Node(
            name,
            role,
            List.of(port),
            nextGroup(),
            commands.service(role, settings),
            environment,
            logOf(name)));
  }

  /// By it the packets of a process are known.
  private int nextGroup() {
    return means.contains(Means.NETWORK) ? FIRST_GROUP + nodes.size() : 0;
  }

  private void mount(String name, Role role, Path at) throws IOException {
    if (means.contains(Means.DISKS)) {
      disks.mount(name, role, at);
    }
  }

  private Map<String, String> clock(String name) throws IOException {
    if (!means.contains(Means.CLOCKS)) {
      return Map.of();
    }
    Clock clock = Clock.at(Files.createDirectories(directory.resolve("clocks")).resolve(name));
    clocks.put(name, clock);
    return clock.environment();
  }

  /// The disk of a broker or an index instance.
  ///
  /// @throws IllegalStateException where it has none of its own
  public Disk disk(Node node) {
    return disks.of(node);
  }

  /// The clock of a process.
  ///
  /// @throws IllegalStateException where it has none of its own
  public Clock clock(Node node) {
    Clock clock = clocks.get(node.name());
    if (clock == null) {
      throw new IllegalStateException(node + ": no clock of its own (expected: Means.CLOCKS)");
    }
    return clock;
  }

  /// One more index instance, on a port of its own and with the state directory of another: it must
  /// refuse to start.
  ///
  /// @param owner whose directory
  public Node intruder(Node owner) throws IOException {
    int port = new FreePorts().take();
    Map<String, String> settings = new HashMap<>(indexSettings);
    settings.put("mekiki.index.port", Integer.toString(port));
    settings.put("mekiki.index.state-dir", stateOf(owner.name()).toString());
    String name = "intruder-on-" + owner.name();
    Node intruder =
        new Node(
            name,
            Role.INDEX,
            List.of(port),
            0,
            commands.service(Role.INDEX, settings),
            Map.of(),
            logOf(name));
    extra.add(intruder);
    return intruder;
  }

  /// Kills every index instance and starts one in their place that makes the index anew from the
  /// topics. It need not be ready when this returns.
  public Node rebuild() throws IOException, InterruptedException {
    for (Node node : nodes(Role.INDEX)) {
      node.kill();
    }
    Map<String, String> settings = new HashMap<>(indexSettings);
    settings.put("mekiki.index.state-dir", stateOf("rebuilt").toString());
    settings.put("mekiki.index.reindex", "true");
    Node rebuilt =
        new Node(
            "rebuilt",
            Role.INDEX,
            List.of(Integer.parseInt(settings.get("mekiki.index.port"))),
            0,
            commands.service(Role.INDEX, settings),
            Map.of(),
            logOf("rebuilt"));
    extra.add(rebuilt);
    rebuilt.start();
    return rebuilt;
  }

  /// Starts the brokers and, once they answer, everything else.
  ///
  /// @param limit until every process is ready
  /// @throws IOException where one is not, with the log to look into
  public void start(Duration limit) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(limit);
    // Ten processes would outlive a run that is ended by Ctrl-C.
    Runtime.getRuntime().addShutdownHook(closer);
    for (Node node : nodes(Role.BROKER)) {
      node.start();
    }
    awaitReady(nodes(Role.BROKER), deadline);
    supervisor.watch(nodes, this::isClosed);
    for (Node node : nodes) {
      node.start();
    }
    awaitReady(nodes, deadline);
    if (ClassArchives.areFor(Commands.classPath())) {
      for (Role role : Role.values()) {
        Node first = nodes(role).getFirst();
        first.end();
        first.start();
      }
      awaitReady(nodes, deadline);
    }
  }

  /// Thaws what is frozen and starts what is down.
  public void heal() throws IOException, InterruptedException {
    for (Node node : nodes) {
      node.thaw();
      node.start();
    }
  }

  /// Waits until nodes are ready.
  ///
  /// @throws IOException where one is not ready at the deadline
  public void awaitReady(List<Node> wanted, Instant deadline)
      throws IOException, InterruptedException {
    List<Node> missing = new ArrayList<>(wanted);
    boolean ready =
        await(
            deadline,
            () -> {
              missing.removeIf(readiness::isReady);
              return missing.isEmpty();
            });
    if (!ready) {
      throw new IOException(
          "not ready in time: %s (see %s)".formatted(missing, directory.resolve("logs")));
    }
  }

  /// Looks until something is so.
  ///
  /// @return false where it is not so at the deadline
  public static boolean await(Instant deadline, BooleanSupplier isSo) throws InterruptedException {
    while (!isSo.getAsBoolean()) {
      if (Instant.now().isAfter(deadline)) {
        return false;
      }
      Thread.sleep(PAUSE);
    }
    return true;
  }

  /// Processes that ended by themselves so far.
  public List<Ended> ended() {
    return supervisor.ended();
  }

  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /// A process by its name.
  ///
  /// @throws java.util.NoSuchElementException where there is none
  public Node node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  public List<Node> nodes(Role role) {
    return nodes.stream().filter(node -> node.role() == role).toList();
  }

  /// Whether it answers and says that it can do its work.
  public boolean isReady(Node node) {
    return readiness.isReady(node);
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /// The state directory of an index instance.
  public Path state(Node index) {
    return stateOf(index.name());
  }

  private Path stateOf(String name) {
    return directory.resolve("state").resolve(name).resolve("index");
  }

  private Path logOf(String name) {
    return directory.resolve("logs").resolve(name + ".log");
  }

  private static List<Integer> take(FreePorts ports, int count) throws IOException {
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(ports.take());
    }
    return taken;
  }

  private static String addresses(List<Integer> ports) {
    return IntStream.range(0, ports.size())
        .mapToObj(i -> "127.0.0.1:" + ports.get(i))
        .collect(Collectors.joining(","));
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /// Kills every process, and copies what is on disks of their own to the directory of the run.
  public void keepDisks() throws IOException {
    killAll();
    disks.copyTo(directory.resolve("kept"));
  }

  /// Kills every process.
  @Override
  public void close() {
    clear();
    try {
      Runtime.getRuntime().removeShutdownHook(closer);
    } catch (IllegalStateException e) {
      // The JVM is ending, and runs it.
    }
    readiness.close();
  }

  private void clear() {
    killAll();
    disks.close();
  }

  private void killAll() {
    synchronized (this) {
      closed = true;
    }
    List<Node> all = new ArrayList<>(nodes);
    all.addAll(extra);
    for (Node node : all) {
      try {
        node.kill();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

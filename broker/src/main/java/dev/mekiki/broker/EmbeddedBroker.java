package dev.mekiki.broker;

import dev.mekiki.files.DirectoryLock;
import dev.mekiki.files.DirectoryLockException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running broker. Its directory is formatted at the first start and keeps its cluster id from
/// then on, so clients and state directories of an earlier run stay valid.
///
/// The parts are put together as {@link KafkaRaftServer} does it; that class itself would hide the
/// ports that were bound when free ones are asked for.
///
/// One node keeps one copy of everything: a lost disk is lost data. Thread-safe.
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

  private static final int NODE_ID = 1;
  private static final String CLIENT_LISTENER = "CLIENT";
  private static final String EXTERNAL_LISTENER = "EXTERNAL";
  private static final String CONTROLLER_LISTENER = "CONTROLLER";
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration CONTROLLER_LIMIT = Duration.ofSeconds(30);
  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(30);

  private final DirectoryLock lock;
  private final ControllerServer controller;
  private final BrokerServer broker;
  private final String bootstrapServers;
  private final String clusterId;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedBroker(
      DirectoryLock lock,
      ControllerServer controller,
      BrokerServer broker,
      String bootstrapServers,
      String clusterId) {
    this.lock = lock;
    this.controller = controller;
    this.broker = broker;
    this.bootstrapServers = bootstrapServers;
    this.clusterId = clusterId;
  }

  /// A broker that is ready for clients.
  ///
  /// @throws BrokerStartException where the directory is in use or cannot be written, or the port
  ///   is in use
  public static EmbeddedBroker start(BrokerSettings settings) {
    DirectoryLock lock = lock(settings.dataDirectory());
    try {
      checkPortIsFree(settings.host(), settings.port());
      settings.external().ifPresent(external -> checkPortIsFree(settings.host(), external.port()));
      Path logs = settings.dataDirectory().resolve("log");
      format(logs);
      return start(settings, logs, lock);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  // Before anything in it is read: two brokers on one directory would destroy each other's logs.
  private static DirectoryLock lock(Path directory) {
    try {
      return DirectoryLock.acquire(
          directory, "data directory", "stop the other broker or choose another directory");
    } catch (DirectoryLockException e) {
      throw new BrokerStartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static EmbeddedBroker start(BrokerSettings settings, Path logs, DirectoryLock lock) {
    KafkaConfig config = new KafkaConfig(properties(settings, logs), false);
    var directories = KafkaRaftServer.initializeLogDirs(config, log, "");
    MetaPropertiesEnsemble metaProperties = directories._1();
    BootstrapMetadata bootstrap = directories._2();
    String clusterId = metaProperties.clusterId().orElseThrow();
    Metrics metrics = Server.initializeMetrics(config, Time.SYSTEM, clusterId);
    CompletableFuture<Map<Integer, InetSocketAddress>> voters = new CompletableFuture<>();
    SharedServer shared =
        new SharedServer(
            config,
            metaProperties,
            Time.SYSTEM,
            metrics,
            voters,
            List.of(),
            new StandardFaultHandlerFactory(),
            ServerSocketFactory.INSTANCE);
    ControllerServer controller =
        new ControllerServer(shared, KafkaRaftServer.configSchema(), bootstrap);
    BrokerServer broker = new BrokerServer(shared);
    var _ =
        controller
            .socketServerFirstBoundPortFuture()
            .whenComplete((port, failure) -> {
              if (failure == null) {
                voters.complete(
                    Map.of(NODE_ID, new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), port)));
              } else {
                voters.completeExceptionally(failure);
              }
            });
    try {
      controller.startup();
      forgetFormerSelf(controller);
      broker.startup();
    } catch (RuntimeException | Error e) {
      broker.shutdown();
      controller.shutdown();
      throw e;
    }
    String address =
        settings
            .advertised()
            .map(EmbeddedBroker::address)
            .orElseGet(() ->
                hostForAddress(advertisedHost(settings.host()))
                    + ":"
                    + broker.boundPort(new ListenerName(CLIENT_LISTENER)));
    log.info(
        "Broker started address={} clusterId={} dataDirectory={}",
        address,
        clusterId,
        settings.dataDirectory());
    return new EmbeddedBroker(lock, controller, broker, address, clusterId);
  }

  /// host:port for clients.
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /// The id that the directory was formatted with; the same at every start.
  public String clusterId() {
    return clusterId;
  }

  /// Shuts broker and controller down cleanly, then releases the directory. A second call does
  /// nothing.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      broker.shutdown(SHUTDOWN_LIMIT);
      controller.shutdown();
    } finally {
      lock.close();
    }
    log.info("Broker stopped address={}", bootstrapServers);
  }

  // Kafka itself would fail only after it has opened its logs, and with its own stack traces.
  private static void checkPortIsFree(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As Kafka does: a port in TIME_WAIT after a restart counts as free.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (BindException e) {
      throw new BrokerStartException(
          ("broker address: %s:%d cannot be bound: %s (expected: a free port of this machine; stop"
                  + " what listens there or choose another port, 0 for any free one)")
              .formatted(host, port, e.getMessage()),
          e);
    } catch (UnknownHostException e) {
      throw new BrokerStartException(
          "broker host: '%s' is not known (expected: a name or address of this machine)"
              .formatted(host),
          e);
    } catch (IOException e) {
      throw new BrokerStartException("broker address: %s:%d: %s".formatted(host, port, e), e);
    }
  }

  /// Takes the broker of an earlier run out of the cluster where it was killed and so could not
  /// leave.
  ///
  /// Otherwise the cluster takes it for alive at first: its partitions have leaders, so the
  /// transaction coordinator starts at once to write the markers of what was being committed or
  /// aborted. They fail, for nothing listens yet; then the new broker registers, the partitions are
  /// without a leader for a moment, and the coordinator takes such partitions for deleted and
  /// leaves their markers out (`TransactionMarkerChannelManager` on `KRaftMetadataCache`, Kafka
  /// 4.3.1). A transaction without its marker stays open for ever, and with it every read-committed
  /// reader stands still. It would also take the session timeout until the new broker may register.
  private static void forgetFormerSelf(ControllerServer controller) {
    BrokerRegistration former = controller.metadataCache().currentImage().cluster().broker(NODE_ID);
    if (former == null || former.fenced()) {
      return;
    }
    ControllerRequestContext context =
        new ControllerRequestContext(
            new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
    Instant deadline = Instant.now().plus(CONTROLLER_LIMIT);
    while (!isUnregistered(controller, context)) {
      if (Instant.now().isAfter(deadline)) {
        throw new IllegalStateException(
            "the controller did not become active within " + CONTROLLER_LIMIT);
      }
      pause();
    }
    // The broker starts from this image: it must not be one with its former self in it.
    while (controller.metadataCache().currentImage().cluster().broker(NODE_ID) != null) {
      pause();
    }
    log.info("Broker was killed before: its registration is withdrawn epoch={}", former.epoch());
  }

  private static boolean isUnregistered(
      ControllerServer controller, ControllerRequestContext context) {
    try {
      controller.controller().unregisterBroker(context, NODE_ID).join();
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof NotControllerException) {
        return false;
      }
      throw e;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", e);
    }
  }

  private static void format(Path logs) {
    // Written last by the formatter: where it is missing, nothing was ever stored here.
    if (Files.exists(logs.resolve("meta.properties"))) {
      return;
    }
    try {
      Files.createDirectories(logs);
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setNodeId(NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(CONTROLLER_LISTENER)
          .setDirectories(List.of(logs.toString()))
          .setMetadataLogDirectory(logs.toString())
          .run();
    } catch (Exception e) {
      throw new BrokerStartException(
          "data directory: '%s' cannot be formatted: %s (expected: an empty or missing directory)"
              .formatted(logs, e),
          e);
    }
  }

  private static Map<String, String> properties(BrokerSettings settings, Path logs) {
    Map<String, String> properties = new HashMap<>();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE_ID));
    properties.putAll(listeners(settings));
    properties.put("inter.broker.listener.name", CLIENT_LISTENER);
    properties.put("controller.listener.names", CONTROLLER_LISTENER);
    // The port is replaced by the one bound, see the future of voters.
    properties.put("controller.quorum.voters", NODE_ID + "@" + LOOPBACK + ":0");
    properties.put("log.dirs", logs.toString());

    // One node: one copy of Kafka's own topics, few partitions, which are slow to load at a start.
    for (String topic : List.of("offsets.topic", "transaction.state.log")) {
      properties.put(topic + ".replication.factor", "1");
      properties.put(topic + ".num.partitions", "8");
    }
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("share.coordinator.state.topic.num.partitions", "1");
    properties.put("auto.create.topics.enable", "false");

    // A dead process's open transaction blocks read-committed readers: end it soon.
    properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
    properties.put("group.min.session.timeout.ms", "1000");
    properties.put("group.initial.rebalance.delay.ms", "0");

    int maxRecordBytes = settings.maxRecordBytes();
    properties.put("message.max.bytes", Integer.toString(maxRecordBytes));
    properties.put("replica.fetch.max.bytes", Integer.toString(maxRecordBytes));
    properties.put("replica.fetch.response.max.bytes", Integer.toString(maxRecordBytes));
    properties.put(
        "socket.request.max.bytes", Integer.toString(Math.max(100 << 20, 2 * maxRecordBytes)));

    // One process with everything in it: no 128 MiB of heap for the log cleaner, fewer threads.
    properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    properties.put("background.threads", "4");
    return properties;
  }

  private static Map<String, String> listeners(BrokerSettings settings) {
    String host = hostForAddress(settings.host());
    List<String> bound = new ArrayList<>();
    List<String> advertised = new ArrayList<>();
    List<String> protocols = new ArrayList<>();
    bound.add("%s://%s:%d".formatted(CLIENT_LISTENER, host, settings.port()));
    // Kafka puts the bound port in the place of 0.
    advertised.add(
        CLIENT_LISTENER
            + "://"
            + settings
                .advertised()
                .map(EmbeddedBroker::address)
                .orElseGet(
                    () -> hostForAddress(advertisedHost(settings.host())) + ":" + settings.port()));
    protocols.add(CLIENT_LISTENER + ":PLAINTEXT");
    settings
        .external()
        .ifPresent(external -> {
          bound.add("%s://%s:%d".formatted(EXTERNAL_LISTENER, host, external.port()));
          advertised.add(EXTERNAL_LISTENER + "://" + address(external.advertised()));
          protocols.add(EXTERNAL_LISTENER + ":PLAINTEXT");
        });
    bound.add("%s://%s:0".formatted(CONTROLLER_LISTENER, LOOPBACK));
    protocols.add(CONTROLLER_LISTENER + ":PLAINTEXT");
    return Map.of(
        "listeners", String.join(",", bound),
        "advertised.listeners", String.join(",", advertised),
        "listener.security.protocol.map", String.join(",", protocols));
  }

  /// Nobody can connect to every address: a name that others may know stands for it.
  private static String advertisedHost(String host) {
    try {
      return InetAddress.getByName(host).isAnyLocalAddress()
          ? InetAddress.getLocalHost().getHostName()
          : host;
    } catch (UnknownHostException e) {
      return host;
    }
  }

  private static String address(BrokerSettings.Endpoint endpoint) {
    return hostForAddress(endpoint.host()) + ":" + endpoint.port();
  }

  private static String hostForAddress(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}

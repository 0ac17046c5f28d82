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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.utils.Time;
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
/// The parts are assembled as in {@link KafkaRaftServer}, which would hide the ports that were
/// bound where free ones are wanted.
///
/// One node keeps one copy of everything: a lost disk is lost data. Thread-safe.
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

  static final int NODE_ID = 1;
  static final String CLIENT_LISTENER = "CLIENT";
  static final String EXTERNAL_LISTENER = "EXTERNAL";
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  static final String LOOPBACK = "127.0.0.1";
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
    KafkaConfig config = new KafkaConfig(BrokerProperties.of(settings, logs), false);
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
      FormerRegistration.withdraw(controller, NODE_ID);
      broker.startup();
    } catch (RuntimeException | Error e) {
      broker.shutdown();
      controller.shutdown();
      throw e;
    }
    String address =
        settings
            .advertised()
            .map(BrokerSettings.Endpoint::address)
            .orElseGet(() ->
                BrokerProperties.advertised(
                    settings, broker.boundPort(new ListenerName(CLIENT_LISTENER))));
    warnOfOpenAddress(settings);
    log.info(
        "Broker started address={} clusterId={} dataDirectory={}",
        address,
        clusterId,
        settings.dataDirectory());
    return new EmbeddedBroker(lock, controller, broker, address, clusterId);
  }

  // The broker has neither passwords nor TLS.
  private static void warnOfOpenAddress(BrokerSettings settings) {
    if (settings.isReachableFromElsewhere()) {
      log.warn(
          "Broker is open to the network: anyone who reaches it may read, write and delete all"
              + " topics, unencrypted host={} port={} externalPort={}",
          settings.host(),
          settings.port(),
          settings.external().map(external -> Integer.toString(external.port())).orElse("none"));
    }
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
}

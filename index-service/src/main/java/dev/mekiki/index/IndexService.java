package dev.mekiki.index;

import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.mekiki.index.lifecycle.ConsumerLag;
import dev.mekiki.index.lifecycle.FailurePolicy;
import dev.mekiki.index.lifecycle.RestoreProgress;
import dev.mekiki.index.lifecycle.SessionTimeouts;
import dev.mekiki.index.lifecycle.StateDirectory;
import dev.mekiki.index.lifecycle.StreamsSettings;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.index.partition.PartitionMetrics;
import dev.mekiki.index.partition.PlacementStore;
import dev.mekiki.index.placement.PlacementMetrics;
import dev.mekiki.index.rocksdb.RocksDbMetrics;
import dev.mekiki.index.server.IndexEndpoint;
import dev.mekiki.index.server.PartitionSearcher;
import dev.mekiki.index.server.PlacedImageReader;
import dev.mekiki.index.server.RoutingWatch;
import dev.mekiki.index.server.StandbyLags;
import dev.mekiki.index.topology.IndexTopology;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import dev.mekiki.runtime.server.Access;
import dev.mekiki.runtime.server.ServiceServer;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running index instance: its share of the partitions and a gRPC server. Instances with the
/// same Kafka and topic prefix share the work of one generation.
///
/// It serves the generation that was active when it started, for as long as it lives; a later one
/// needs a restart. Thread-safe.
public final class IndexService implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IndexService.class);

  private static final Duration ROUTING_INTERVAL = Duration.ofMillis(200);
  private static final Duration LAG_INTERVAL = Duration.ofSeconds(1);
  private static final Duration SIGN_OF_LIFE_INTERVAL = Duration.ofMinutes(1);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);
  private static final Duration READY_POLL = Duration.ofMillis(20);

  private final String address;
  private final KafkaStreams streams;
  private final FailurePolicy failures;
  private final String generation;

  /// What was started, latest first, which is the order to close it in.
  private final Deque<AutoCloseable> started;

  private IndexService(
      String address,
      KafkaStreams streams,
      FailurePolicy failures,
      String generation,
      Deque<AutoCloseable> started) {
    this.address = address;
    this.streams = streams;
    this.failures = failures;
    this.generation = generation;
    this.started = started;
  }

  /// Starts an instance and returns while it still takes its partitions; see {@link #awaitReady}.
  ///
  /// It waits for an encoder service to announce a generation where none is active.
  ///
  /// @throws StartException where Kafka does not answer, no generation becomes active in time, a
  ///   topic is not what the generation needs, a radius does not fit the generation, the address is
  ///   open to all without leave, or the address or state directory is in use
  public static IndexService start(IndexConfig config) {
    Access access = Access.of("index", config.index(), config.server());
    KafkaClients clients = new KafkaClients(config.kafka(), config.images());
    String cluster = BrokerProbe.probe(clients);
    Topics topics = config.topics().names();
    TopicProvisioner.ensure(
        clients, List.of(TopicSpec.generations(topics, config.topics().replication())));
    GenerationRegistry registry = new GenerationRegistry(clients, topics);
    log.info(
        "waiting for an active generation, which an encoder service announces. cluster={} topic={}",
        cluster,
        topics.generations());
    Generation generation = registry.awaitActive(config.index().generationTimeout());
    GenerationGeometry geometry = GenerationGeometry.of(generation);
    MatchSettings matching = matching(config.match(), geometry);
    TopicProvisioner.ensure(clients, specs(config, topics, geometry));

    Deque<AutoCloseable> started = new ArrayDeque<>();
    try {
      return start(config, access, clients, topics, geometry, matching, registry, started);
    } catch (RuntimeException | Error e) {
      closeAll(started);
      throw e;
    }
  }

  private static IndexService start(
      IndexConfig config,
      Access access,
      KafkaClients clients,
      Topics topics,
      GenerationGeometry geometry,
      MatchSettings matching,
      GenerationRegistry generations,
      Deque<AutoCloseable> started) {
    Clock clock = Clock.systemUTC();
    PrometheusMeterRegistry metrics = ServiceMetrics.registry("index");
    started.push(metrics::close);
    FilterableKeys filterable = config.index().filterableKeys();
    HostedPartitions hosted = new HostedPartitions(geometry, filterable);
    PartitionMetrics partitionMetrics = new PartitionMetrics(metrics, hosted);
    IndexTopology topology =
        new IndexTopology(
            topics,
            geometry,
            filterable,
            matching,
            hosted,
            clock,
            new PlacementMetrics(metrics),
            partitionMetrics);
    String applicationId = StreamsSettings.applicationId(topics, geometry.id());
    StateDirectory state =
        StateDirectory.open(
            config.index().stateDir(), applicationId, topology.deleteRetention(), clock);
    started.push(state);

    StandbyLags lags = new StandbyLags();
    RoutingWatch routing =
        new RoutingWatch(
            geometry.id(),
            config.topics().partitions(),
            topics.imageCodes(geometry.network()),
            topics.codePlacements(geometry.id()));
    IndexEndpoint endpoint =
        new IndexEndpoint(
            geometry,
            filterable,
            new PartitionSearcher(geometry, hosted, lags, partitionMetrics),
            routing);
    Readiness readiness = new Readiness();
    ServiceServer server =
        ServiceServer.start(
            access, metrics, readiness::isReady, builder -> addGrpc(builder, endpoint));
    started.push(server);
    started.push(routing);

    StreamsSettings settings =
        new StreamsSettings(
            applicationId,
            config.index().advertisedAddress().orElseGet(server::address),
            config.index().stateDir(),
            config.index().threads(),
            config.index().standbyReplicas(),
            config.index().commitInterval(),
            SessionTimeouts.accepted(clients, config.index().sessionTimeout()),
            config.index().rocksdbCache(),
            config.topics().replication());
    KafkaStreams streams = streams(topology, settings, clients);
    FailurePolicy failures = new FailurePolicy(clock);
    streams.setUncaughtExceptionHandler(failures);
    streams.setGlobalStateRestoreListener(new RestoreProgress(metrics));
    streams.setStateListener(
        (now, before) -> log.info("index state changed. from={} to={}", before, now));
    ConsumerLag.register(metrics, streams, topics, geometry);
    RocksDbMetrics.register(metrics, streams);
    started.push(() -> close(streams, state));
    readiness.of(streams);
    endpoint.connect(new PlacedImageReader(streams, config.topics().partitions()));
    hosted.whileStarting(streams::start);

    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("index-timer").factory());
    started.push(timer::shutdownNow);
    every(timer, ROUTING_INTERVAL, () -> watchRouting(streams, routing));
    every(timer, LAG_INTERVAL, () -> lookUpLags(streams, hosted, lags));
    every(timer, SIGN_OF_LIFE_INTERVAL, state::touch);
    started.push(generations.watch(active -> noticeGeneration(geometry.id(), active)));

    log.info(
        "index started. address={} advertised={} generation={} partitions={} centers={} radius={}"
            + " application={} state-dir={}",
        server.address(),
        settings.advertisedAddress(),
        geometry.id(),
        geometry.partitions(),
        geometry.centers().size(),
        geometry.replicationRadius(),
        applicationId,
        config.index().stateDir());
    return new IndexService(server.address(), streams, failures, geometry.id(), started);
  }

  /// Host and port of the gRPC server, as bound.
  public String address() {
    return address;
  }

  /// Id of the generation this instance serves.
  public String generation() {
    return generation;
  }

  /// True while every partition assigned to this instance is restored and processed.
  public boolean isReady() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /// Waits until {@link #isReady}.
  ///
  /// @throws StartException where that does not happen in time, or the instance fails
  public void awaitReady(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isReady()) {
      if (streams.state().hasStartedOrFinishedShuttingDown()) {
        throw new StartException(
            "index: it failed while it started, in state %s: %s"
                .formatted(
                    streams.state(),
                    failures.reason().map(Throwable::toString).orElse("it was closed")));
      }
      if (System.nanoTime() > deadline) {
        throw new StartException(
            "index: not ready after %s, in state %s (expected: RUNNING; a large state takes longer)"
                .formatted(limit, streams.state()));
      }
      try {
        Thread.sleep(READY_POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StartException("index: interrupted while it started", e);
      }
    }
  }

  /// Completes with the reason when this instance ends by itself; it must still be closed.
  public CompletionStage<Throwable> failure() {
    return failures.failure();
  }

  /// Hands the partitions over by leaving the group, commits, and closes what was started. A second
  /// call does nothing.
  @Override
  public synchronized void close() {
    if (!started.isEmpty()) {
      log.info("index closing. address={}", address);
      closeAll(started);
      log.info("index closed. address={}", address);
    }
  }

  private static MatchSettings matching(IndexConfig.Match match, GenerationGeometry geometry) {
    checkRadius("mekiki.match.radius", match.radius(), geometry);
    match.nearRadius().ifPresent(near -> checkRadius("mekiki.match.near-radius", near, geometry));
    return match.settings();
  }

  private static void checkRadius(String key, int radius, GenerationGeometry geometry) {
    if (radius > geometry.replicationRadius()) {
      throw new StartException(
          ("%s: %d (expected: 0..%d, the replication radius of generation %s; a larger one needs a"
                  + " generation made with a larger mekiki.generation.replication-radius)")
              .formatted(key, radius, geometry.replicationRadius(), geometry.id()));
    }
  }

  private static List<TopicSpec> specs(
      IndexConfig config, Topics topics, GenerationGeometry geometry) {
    short replication = config.topics().replication();
    return List.of(
        TopicSpec.imageCodes(topics, geometry.network(), config.topics().partitions(), replication),
        TopicSpec.codePlacements(topics, geometry.id(), geometry.partitions(), replication),
        TopicSpec.matches(topics, config.topics().partitions(), replication));
  }

  private static KafkaStreams streams(
      IndexTopology topology, StreamsSettings settings, KafkaClients clients) {
    try {
      return new KafkaStreams(topology.build(), settings.properties(clients));
    } catch (KafkaException e) {
      // A setting that Kafka refuses; its message names it.
      throw new StartException("index: %s".formatted(e.getMessage()), e);
    }
  }

  private static void addGrpc(ServerBuilder builder, IndexEndpoint endpoint) {
    builder.service(
        GrpcService.builder().addService(endpoint).useBlockingTaskExecutor(true).build());
  }

  private static void watchRouting(KafkaStreams streams, RoutingWatch routing) {
    if (streams.state().isRunningOrRebalancing()) {
      routing.update(streams.metadataForAllStreamsClients());
    }
  }

  /// Only where there are stores that may lag: it asks the brokers.
  private static void lookUpLags(KafkaStreams streams, HostedPartitions hosted, StandbyLags lags) {
    if (streams.state().isRunningOrRebalancing()
        && !hosted.all().stream().allMatch(PlacementStore::isActive)) {
      lags.update(streams.allLocalStorePartitionLags().getOrDefault(PlacementStore.NAME, Map.of()));
    }
  }

  private static void noticeGeneration(String served, Generation active) {
    if (!active.getId().equals(served)) {
      log.warn(
          "another generation is active; restart this index instance to serve it. served={}"
              + " active={}",
          served,
          active.getId());
    }
  }

  /// A failure of one round is logged, and the next round tries again.
  private static void every(ScheduledExecutorService timer, Duration interval, Runnable task) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (RuntimeException e) {
                log.warn("periodic task failed and will be tried again.", e);
              }
            },
            0,
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static void close(KafkaStreams streams, StateDirectory state) {
    boolean closed =
        streams.close(
            CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_LIMIT));
    if (!closed) {
      log.warn("stream threads did not end in time. limit={}", CLOSE_LIMIT);
    }
    state.touch();
  }

  private static void closeAll(Deque<AutoCloseable> started) {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        log.warn("close failed; the rest is closed all the same.", e);
      }
    }
  }

  /// Readiness of streams that come to be after the server that tells it.
  private static final class Readiness {
    private volatile @Nullable KafkaStreams streams;

    void of(KafkaStreams watched) {
      streams = watched;
    }

    boolean isReady() {
      KafkaStreams watched = streams;
      return watched != null && watched.state() == KafkaStreams.State.RUNNING;
    }
  }
}

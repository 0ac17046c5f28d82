package dev.mekiki.index;

import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.policy.PolicyFilter;
import dev.mekiki.index.eras.KnownEras;
import dev.mekiki.index.groups.GroupMetrics;
import dev.mekiki.index.groups.GroupReader;
import dev.mekiki.index.groups.GroupSettings;
import dev.mekiki.index.groups.Verdicts;
import dev.mekiki.index.lease.Lease;
import dev.mekiki.index.lifecycle.ConsumerLag;
import dev.mekiki.index.lifecycle.RestoreProgress;
import dev.mekiki.index.lifecycle.SessionTimeouts;
import dev.mekiki.index.lifecycle.StateDirectory;
import dev.mekiki.index.lifecycle.StreamThreads;
import dev.mekiki.index.lifecycle.StreamsSettings;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.partition.PartitionMetrics;
import dev.mekiki.index.partition.StoredMatching;
import dev.mekiki.index.placement.ActivePlacements;
import dev.mekiki.index.placement.PlacementMetrics;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.rocksdb.RocksDbMetrics;
import dev.mekiki.index.server.ActiveGroups;
import dev.mekiki.index.server.IndexEndpoint;
import dev.mekiki.index.server.PartitionSearcher;
import dev.mekiki.index.server.PlacedImageReader;
import dev.mekiki.index.server.RematchFinder;
import dev.mekiki.index.server.RoutingWatch;
import dev.mekiki.index.standby.StandbyStarts;
import dev.mekiki.index.streamsinternals.WholeTransactions;
import dev.mekiki.index.topology.CopyTopology;
import dev.mekiki.index.topology.GroupTopology;
import dev.mekiki.index.topology.IndexNames;
import dev.mekiki.index.topology.IndexTopology;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.ClockWatch;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.generation.GenerationsReader;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.KafkaWatch;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import dev.mekiki.runtime.policy.PolicyFollower;
import dev.mekiki.runtime.server.Permissions;
import dev.mekiki.runtime.server.Role;
import dev.mekiki.runtime.server.ServiceServer;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.IndexGrpc;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Builds one instance and starts it part by part. What was started is closed in reverse, at the
/// end or where a later part fails.
final class IndexStart {
  private static final Logger log = LoggerFactory.getLogger(IndexStart.class);

  private static final Duration ROUTING_INTERVAL = Duration.ofMillis(200);
  private static final Duration LAG_INTERVAL = Duration.ofSeconds(1);
  private static final Duration SIGN_OF_LIFE_INTERVAL = Duration.ofMinutes(1);

  private static final Duration SERVER_QUIET_PERIOD = Duration.ofMillis(100);
  private static final Duration SERVER_CLOSE_LIMIT = Duration.ofMillis(500);

  private final IndexConfig config;
  private final IndexRole role;
  private final Preconditions given;
  private final KafkaClients clients;
  private final Topics topics;
  private final IndexNames names;
  private final GenerationGeometry geometry;
  private final Clock clock = Clock.systemUTC();
  private final PrometheusMeterRegistry metrics = ServiceMetrics.registry("index");
  private final HostedPartitions hosted;
  private final PartitionMetrics partitionMetrics;
  private final ActivePlacements activePlacements;
  private final Duration sessionTimeout;
  private final Lease lease;
  private final LeftOutRecords leftOut = new LeftOutRecords(metrics);
  private final Readiness readiness = new Readiness();
  private final FailureOwner failures = new FailureOwner("index", metrics);
  private final ReverseCloser started = new ReverseCloser();
  private final Serving serving = new Serving(readiness, metrics);
  private final GenerationsReader generations;

  private IndexStart(IndexConfig config, IndexRole role, Preconditions given) {
    this.config = config;
    this.role = role;
    this.given = given;
    this.clients = given.clients();
    this.names = given.names();
    this.topics = names.topics();
    this.geometry = given.geometry();
    generations = started.add(new GenerationsReader(clients, topics, new SkippedRecords(metrics)));
    hosted = new HostedPartitions(geometry, filterable(), leftOut);
    partitionMetrics = new PartitionMetrics(metrics, hosted);
    sessionTimeout = SessionTimeouts.accepted(clients, config.index().sessionTimeout());
    activePlacements = new ActivePlacements(sessionTimeout);
    lease = Lease.ofProcess(sessionTimeout);
  }

  /// Starts an instance and returns while it still takes its partitions.
  static IndexService start(IndexConfig config, IndexRole role, Preconditions given) {
    IndexStart start = new IndexStart(config, role, given);
    try {
      return start.run();
    } catch (RuntimeException | Error e) {
      start.started.close();
      throw e;
    }
  }

  private IndexService run() {
    started.add("metrics", metrics::close);
    started.add(KafkaWatch.start("index", clients, failures, metrics));
    started.add(ClockWatch.start(failures));
    started.add(serving);
    PolicyFollower policies =
        serving.add(PolicyFollower.startCaughtUp(clients, topics, failures, metrics));
    @Nullable CopyTopology copies =
        CopyParts.topology(geometry, given, hosted, policies, metrics, leftOut);
    IndexTopology topology = topology(policies, copies);
    String applicationId = names.applicationId();
    StateDirectory state =
        started.add(role.openState(config, applicationId, topology.deleteRetention(), clock));

    RoutingWatch routing = routing(copies);
    IndexEndpoint endpoint = endpoint(routing, copies, policies);
    ServiceServer server =
        ServiceServer.start(
            given.access(),
            metrics,
            readiness::isReady,
            failures,
            Permissions.builder().needs(Role.SERVICE, IndexGrpc.getServiceDescriptor()).build(),
            builder -> addGrpc(builder, endpoint));
    started.add(server);

    StreamsSettings settings = settings(applicationId, server.address());
    StreamThreads threads = new StreamThreads(failures, this::canConnect, clock);
    KafkaStreams streams = streams(topology, settings, threads);
    serving.add(streams, state);
    serving.add(threads);
    // Once more: before the server.
    started.add(serving);
    // Before the stream threads: watchers then turn to the instances that take over.
    started.add(routing);
    readiness.of(streams);
    endpoint.connect(
        new PlacedImageReader(
            streams, activePlacements, hosted.lags(), config.topics().partitions()),
        groupReader(streams));
    hosted.whileStarting(streams::start);
    startTimer(streams, routing, state, threads);
    announce(streams);
    if (!role.isBeside()) {
      started.add(
          new BesideIndexes(
              config,
              role.isFollowing(),
              generations,
              new BesideIndexes.Own(
                  geometry.id(), state, hosted::images, ready -> serving.giveUp(routing, ready)),
              routing));
    }

    log.info(
        "Index started address={} advertised={} generation={} partitions={} centers={} matching={}"
            + " application={} stateDir={}",
        server.address(),
        settings.advertisedAddress(),
        geometry.id(),
        geometry.partitions(),
        geometry.centers().size(),
        given.matching(),
        applicationId,
        config.index().stateDir());
    return new IndexService(
        server.address(),
        settings.advertisedAddress(),
        readiness,
        failures,
        geometry.id(),
        hosted::images,
        started);
  }

  private RoutingWatch routing(@Nullable CopyTopology copies) {
    return new RoutingWatch(
        geometry.id(),
        config.topics().partitions(),
        topics.imageCodes(geometry.network()),
        names.codePlacements(),
        new RoutingWatch.OptionalTopic(
            topics.imageLandmarks(geometry.network()),
            copies == null ? 0 : copies.settings().partitions()),
        new RoutingWatch.OptionalTopic(
            names.groupMessages(), given.groups() == null ? 0 : given.groups().partitions()));
  }

  private IndexEndpoint endpoint(
      RoutingWatch routing, @Nullable CopyTopology copies, PolicyFollower policies) {
    return new IndexEndpoint(
        geometry,
        filterable(),
        new PartitionSearcher(geometry, hosted, partitionMetrics, lease::isHeld),
        routing,
        given.matching(),
        copies == null ? null : CopyParts.searcher(copies, lease::isHeld),
        rematch(policies, copies));
  }

  private RematchFinder rematch(PolicyFollower policies, @Nullable CopyTopology copies) {
    OriginFilter origins = given.matching().origins();
    return new RematchFinder(
        new StoredMatching(
            geometry,
            given.matching(),
            // Counts nothing: these pairs were counted when they were left out.
            PolicyFilter.ofMatches(origins, policies::policies),
            hosted,
            config.images().kept(),
            clock),
        copies == null
            ? null
            : CopyParts.stored(copies, geometry, given, config.images().kept(), clock, policies),
        policies::awaitRead,
        new RematchFinder.Names(
            names.applicationId(),
            names.codePlacements(),
            names.probes(),
            names.reported(),
            names.landmarkProbes()),
        new RematchFinder.Noted(given.agreed().getEventsNoted(), given.agreed().getCopiesNoted()));
  }

  private @Nullable GroupReader groupReader(KafkaStreams streams) {
    GroupSettings settings = given.groups();
    return settings == null
        ? null
        : new GroupReader(settings, partition -> ActiveGroups.store(streams, partition));
  }

  private FilterableKeys filterable() {
    return config.index().filterableKeys();
  }

  private IndexTopology topology(PolicyFollower policies, @Nullable CopyTopology copies) {
    return new IndexTopology(
        names,
        geometry,
        filterable(),
        config.images().kept(),
        given.matching(),
        policies.matchFilter(given.matching().origins()),
        hosted,
        clock,
        new PlacementMetrics(metrics),
        partitionMetrics,
        leftOut,
        activePlacements,
        eras(),
        copies,
        groups(policies));
  }

  private KnownEras eras() {
    return new KnownEras(() -> generations.get().eras(geometry.id(), given.agreed()));
  }

  private @Nullable GroupTopology groups(PolicyFollower policies) {
    GroupSettings settings = given.groups();
    return settings == null
        ? null
        : new GroupTopology(settings, Verdicts.of(policies), new GroupMetrics(metrics));
  }

  private StreamsSettings settings(String applicationId, String address) {
    return new StreamsSettings(
        applicationId,
        role.advertised(config, address),
        config.index().stateDir(),
        config.index().threads(),
        config.index().standbyReplicas(),
        config.index().commitInterval(),
        sessionTimeout,
        config.index().rocksdbCache(),
        config.topics().replication());
  }

  private KafkaStreams streams(
      IndexTopology topology, StreamsSettings settings, StreamThreads threads) {
    KafkaStreams streams;
    try {
      streams =
          new KafkaStreams(topology.build(), settings.properties(clients), new WholeTransactions());
    } catch (KafkaException e) {
      // A setting that Kafka refuses; its message names it.
      throw new StartException("index: %s".formatted(e.getMessage()), e);
    }
    streams.setUncaughtExceptionHandler(threads);
    streams.setGlobalStateRestoreListener(new RestoreProgress(metrics, hosted.lags()));
    streams.setStandbyUpdateListener(new StandbyStarts(hosted.lags()));
    streams.setStateListener((now, before) -> {
      log.info("Index state changed from={} to={}", before, now);
      if (now == KafkaStreams.State.ERROR) {
        threads.ended();
      }
    });
    ConsumerLag.register(
        metrics, streams, names, geometry, given.copies() != null, given.groups() != null);
    RocksDbMetrics.register(metrics, streams);
    return streams;
  }

  private void startTimer(
      KafkaStreams streams, RoutingWatch routing, StateDirectory state, StreamThreads threads) {
    PeriodicTasks timer = serving.add(new PeriodicTasks());
    timer.every("routing", ROUTING_INTERVAL, () -> watchRouting(streams, routing));
    timer.every("lags", LAG_INTERVAL, () -> lookUpLags(streams));
    timer.every("threads", LAG_INTERVAL, () -> reportRunning(streams, threads));
    timer.every("sign of life", SIGN_OF_LIFE_INTERVAL, state::touch);
    // On a thread of its own: the others wait for brokers.
    serving.add(new PeriodicTasks()).every("lease", ROUTING_INTERVAL, lease::renew);
  }

  /// Says on `generations` what its process can hold; again where that is lost there.
  private void announce(KafkaStreams streams) {
    PeriodicTasks timer = serving.add(new PeriodicTasks());
    timer.every(
        "announcement",
        SIGN_OF_LIFE_INTERVAL,
        () ->
            ProcessMembership.of(streams, config, role, geometry.id())
                .filter(
                    member -> !member.equals(generations.get().members().get(member.getClient())))
                .ifPresent(given.generations()::announce));
  }

  private static void addGrpc(ServerBuilder builder, IndexEndpoint endpoint) {
    // The server closes last, when no partition is open any more and calls end at once. Without
    // this
    // a caller that keeps asking would keep it from a quiet moment.
    builder.gracefulShutdownTimeout(SERVER_QUIET_PERIOD, SERVER_CLOSE_LIMIT);
    builder.service(
        GrpcService.builder().addService(endpoint).useBlockingTaskExecutor(true).build());
  }

  /// False where no broker's name resolves, so that no client can be made.
  private boolean canConnect() {
    try (Admin _ = Admin.create(clients.admin())) {
      return true;
    } catch (KafkaException e) {
      log.debug("No Kafka client can be made now", e);
      return false;
    }
  }

  private static void watchRouting(KafkaStreams streams, RoutingWatch routing) {
    if (streams.state().isRunningOrRebalancing()) {
      routing.update(streams.metadataForAllStreamsClients());
    }
  }

  /// Only where there are stores that may lag: the lookup asks the brokers.
  private void lookUpLags(KafkaStreams streams) {
    boolean mayLag =
        streams.state() == KafkaStreams.State.REBALANCING
            || streams.metadataForLocalThreads().stream()
                .anyMatch(thread -> !thread.standbyTasks().isEmpty());
    if (mayLag && streams.state().isRunningOrRebalancing()) {
      hosted.lags().refresh(streams::allLocalStorePartitionLags);
    }
  }

  private static void reportRunning(KafkaStreams streams, StreamThreads threads) {
    StreamThreads.sincePoll(streams.metrics()).ifPresent(threads::polled);
    if (streams.state() == KafkaStreams.State.RUNNING) {
      threads.running();
    }
  }
}

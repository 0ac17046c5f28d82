package dev.mekiki.query;

import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.query.api.Backend;
import dev.mekiki.query.api.Endpoints;
import dev.mekiki.query.cluster.HedgedPartitions;
import dev.mekiki.query.cluster.ImageLookup;
import dev.mekiki.query.cluster.IndexClients;
import dev.mekiki.query.cluster.RoutingWatcher;
import dev.mekiki.query.cluster.ServedGeneration;
import dev.mekiki.query.encoder.Encoders;
import dev.mekiki.query.images.ImageSender;
import dev.mekiki.query.images.RecordSender;
import dev.mekiki.query.matches.MatchFeed;
import dev.mekiki.query.policy.PolicyStore;
import dev.mekiki.query.rematch.RematchLog;
import dev.mekiki.query.rematch.RematchOperations;
import dev.mekiki.query.rematch.RematchRunner;
import dev.mekiki.query.thumbnails.ThumbnailReader;
import dev.mekiki.runtime.failure.ClockWatch;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.KafkaWatch;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import dev.mekiki.runtime.lifecycle.RunningService;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import dev.mekiki.runtime.policy.PolicyFollower;
import dev.mekiki.runtime.server.Access;
import dev.mekiki.runtime.server.AuditLog;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.runtime.server.ServiceServer;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running query service. Its server answers from the start; it is ready once a generation is
/// active, an index instance of that generation is known, and mutes and verdicts were read.
/// Thread-safe.
public final class QueryService implements RunningService {
  private static final Logger log = LoggerFactory.getLogger(QueryService.class);
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);

  private final ReverseCloser started = new ReverseCloser();
  private final FailureOwner failures;
  private final RoutingWatcher routing;
  private final ServedGeneration served;
  private final PolicyFollower policies;
  private final ServiceServer server;

  /// Starts the service.
  ///
  /// @throws dev.mekiki.runtime.StartException where no broker answers, a topic differs from what
  ///   is needed, or the address is taken, or open to all without leave
  public static QueryService start(QueryConfig config) {
    return new QueryService(config);
  }

  private QueryService(QueryConfig config) {
    QueryConfig.Query query = config.query();
    Access access = Access.of("query", query, config.server());
    ClientAccess peers = ClientAccess.toPeers(config.server());
    KafkaClients kafka = new KafkaClients(config.kafka(), config.images());
    Topics topics = config.topics().names();
    int partitions = config.topics().partitions();
    short replication = config.topics().replication();
    var _ = BrokerProbe.probe(kafka);
    TopicProvisioner.ensure(
        kafka,
        List.of(
            TopicSpec.generations(topics, replication),
            TopicSpec.images(topics, partitions, replication, config.images().maxBytes())
                .forgetting(config.images().kept().duration()),
            TopicSpec.matches(topics, partitions, replication)));
    TopicProvisioner.ensure(kafka, TopicSpec.policy(topics, replication));
    TopicProvisioner.ensure(kafka, List.of(TopicSpec.rematch(topics, replication)));
    try {
      PrometheusMeterRegistry meters = ServiceMetrics.registry("query");
      started.add("meters", meters::close);
      failures = new FailureOwner("query", meters);
      started.add(KafkaWatch.start("query", kafka, failures, meters));
      started.add(ClockWatch.start(failures));
      SkippedRecords skipped = new SkippedRecords(meters);

      ScheduledExecutorService timer =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("query-timer").daemon().factory());
      started.add("timer", timer::shutdownNow);
      ExecutorService operations =
          Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("query-", 0).factory());
      started.add("operations", operations::shutdownNow);

      // A peer whose machine died sends nothing: pings notice it, so that standbys are asked.
      ClientFactory clientFactory =
          peers
              .connections(ClientFactory.builder())
              .connectTimeout(Duration.ofSeconds(2))
              .pingInterval(Duration.ofSeconds(2))
              .idleTimeout(Duration.ofMinutes(1))
              .meterRegistry(meters)
              .build();
      started.add(clientFactory);
      IndexClients indexClients = new IndexClients(peers, clientFactory);
      routing = new RoutingWatcher(indexClients, query.indexAddresses());
      started.add(routing);
      served = new ServedGeneration(routing::view);

      ImageSender images =
          ImageSender.open(
              kafka.producer(), topics.images(), config.tenants().header(), query.sendTimeout());
      started.add(images);
      ThumbnailReader thumbnails =
          new ThumbnailReader(kafka.consumer(), topics, query.thumbnailTimeout(), meters);
      started.add(thumbnails);

      started.add(
          "generation-watch",
          new GenerationRegistry(kafka, topics, skipped).watch(failures, this::follow));

      policies =
          PolicyFollower.start(
              kafka, topics, failures, skipped, meters, PolicyFollower.Keep.DETAILS);
      started.add(policies);
      RecordSender decisions = RecordSender.open(kafka.producer(), query.sendTimeout());
      started.add(decisions);
      RematchLog rematches =
          started.add(RematchLog.start(kafka, topics.rematch(), failures, skipped));
      started.add(
          RematchRunner.start(
              kafka, topics, rematches, served, routing, indexClients, failures, meters));

      Admin admin = Admin.create(kafka.admin());
      started.add("admin", () -> admin.close(CLOSE_LIMIT));
      MatchFeed matches =
          new MatchFeed(
              () ->
                  new KafkaConsumer<>(
                      kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
              admin,
              topics.matches(),
              new MatchFeed.Limits(query.maxStreams(), query.maxReplays()),
              failures,
              skipped,
              meters);
      started.add(matches);
      Backend backend =
          new Backend(
              served,
              routing,
              indexClients,
              new HedgedPartitions.Hedging(query.hedgeDelay(), timer),
              new Encoders(peers, clientFactory, query.encoderAddresses()),
              new ImageLookup(indexClients, query.hedgeDelay()),
              images,
              thumbnails,
              matches,
              new PolicyStore(policies, decisions, topics, query.sendTimeout()),
              new RematchOperations(rematches, decisions, topics.rematch(), query.sendTimeout()),
              new Backend.Limits(
                  query.searchTimeout(),
                  query.encodeTimeout(),
                  query.alignTimeout(),
                  query.sendTimeout(),
                  query.thumbnailTimeout()));
      server =
          ServiceServer.start(
              access,
              meters,
              this::isReady,
              failures,
              Endpoints.PERMISSIONS,
              builder ->
                  Endpoints.add(
                      builder,
                      backend,
                      new Endpoints.RequestLimits(
                          query.maxHits(), config.images().maxBytes(), query.maxBodyBytes()),
                      config.tenants(),
                      version(),
                      meters,
                      operations));
      started.add(server);
      // Closed before the server, which waits for its streams to end.
      started.add(matches);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    if (served.get() == null) {
      log.info(
          "Waiting for a generation, which an encoder service announces topic={}",
          topics.generations());
    }
  }

  @Override
  public String name() {
    return "query";
  }

  /// host:port of the API and the page.
  @Override
  public String address() {
    return server.address();
  }

  /// The address with `http://` or `https://` before it.
  public String url() {
    return server.url();
  }

  /// True once a generation is active, an index instance of it is known, and mutes and verdicts
  /// were read.
  @Override
  public boolean isReady() {
    GenerationGeometry generation = served.get();
    return generation != null
        && !routing.view().of(generation.id()).instances().isEmpty()
        && policies.isCaughtUp();
  }

  @Override
  public String whyNotReady() {
    if (!policies.isCaughtUp()) {
      return ": mutes and verdicts are not read yet (expected: topics that this client may read)";
    }
    return served.get() == null
        ? ": no generation is active (expected: an encoder service, which announces one)"
        : ": no index instance of the active generation is known (expected: one at"
            + " mekiki.query.index-addresses)";
  }

  @Override
  public CompletionStage<Throwable> failure() {
    return failures.failure();
  }

  @Override
  public void close() {
    started.close();
  }

  /// What was not asked of this service: who may write to Kafka may change the generation.
  private static void audit(Generation generation, String before) {
    String author = generation.getActivatedBy();
    AuditLog.write(
        new Caller(author.isEmpty() ? "an encoder" : author, null, Set.of()),
        "generation.activate",
        Map.of("generation", generation.getId(), "previous", before),
        AuditLog.Outcome.DONE,
        null);
  }

  private void follow(Generation generation) {
    try {
      @Nullable GenerationGeometry before = served.get();
      if (before != null && !before.id().equals(generation.getId())) {
        audit(generation, before.id());
      }
      served.follow(GenerationGeometry.of(generation));
      log.info(
          "Generation active generation={} network={} partitions={}",
          generation.getId(),
          generation.getNetwork(),
          generation.getPartitions());
    } catch (IllegalArgumentException e) {
      log.error(
          "Generation unusable, the last one stays active generation={}", generation.getId(), e);
    }
  }

  /// The version of Mekiki that this is, as a status names it.
  public static String version() {
    Properties properties = new Properties();
    try (InputStream resource = QueryService.class.getResourceAsStream("version.properties")) {
      properties.load(resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}

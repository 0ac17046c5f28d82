package dev.mekiki.query;

import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.query.api.Backend;
import dev.mekiki.query.api.Endpoints;
import dev.mekiki.query.cluster.HedgedPartitions;
import dev.mekiki.query.cluster.ImageLookup;
import dev.mekiki.query.cluster.IndexClients;
import dev.mekiki.query.cluster.RoutingWatcher;
import dev.mekiki.query.encoder.Encoders;
import dev.mekiki.query.images.ImageSender;
import dev.mekiki.query.matches.MatchFeed;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import dev.mekiki.runtime.server.Access;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.runtime.server.ServiceServer;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running query service. Its server answers from the start; it is ready once a generation is
/// active and an index instance of that generation is known. Thread-safe.
public final class QueryService implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueryService.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final Duration READY_POLL = Duration.ofMillis(20);

  private final AtomicReference<GenerationGeometry> active = new AtomicReference<>();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final RoutingWatcher routing;
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
            TopicSpec.images(topics, partitions, replication, config.images().maxBytes()),
            TopicSpec.matches(topics, partitions, replication)));
    try {
      PrometheusMeterRegistry meters = ServiceMetrics.registry("query");
      started.push(meters::close);

      ScheduledExecutorService timer =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("query-timer").daemon().factory());
      started.push(timer::shutdownNow);
      ExecutorService operations =
          Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("query-", 0).factory());
      started.push(operations::shutdownNow);

      // A peer whose machine died sends nothing: pings notice it, so that standbys are asked.
      ClientFactory clientFactory =
          peers
              .connections(ClientFactory.builder())
              .connectTimeout(Duration.ofSeconds(2))
              .pingInterval(Duration.ofSeconds(2))
              .idleTimeout(Duration.ofMinutes(1))
              .meterRegistry(meters)
              .build();
      started.push(clientFactory);
      IndexClients indexClients = new IndexClients(peers, clientFactory);
      routing = new RoutingWatcher(indexClients, query.indexAddresses());
      started.push(routing);

      KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              kafka.producer(), new ByteArraySerializer(), new ByteArraySerializer());
      started.push(() -> producer.close(CLOSE_LIMIT));

      started.push(new GenerationRegistry(kafka, topics).watch(this::follow));

      MatchFeed matches =
          new MatchFeed(
              () ->
                  new KafkaConsumer<>(
                      kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
              topics.matches());
      Gauge.builder("mekiki.query.match.subscriptions", matches, MatchFeed::subscriptions)
          .description("Open streams of matches")
          .register(meters);
      Backend backend =
          new Backend(
              active::get,
              routing,
              indexClients,
              new HedgedPartitions.Hedging(query.hedgeDelay(), timer),
              new Encoders(peers, clientFactory, query.encoderAddresses()),
              new ImageLookup(indexClients, query.hedgeDelay()),
              new ImageSender(producer, topics.images()),
              matches,
              new Backend.Limits(
                  query.searchTimeout(), query.encodeTimeout(), query.sendTimeout()));
      server =
          ServiceServer.start(
              access,
              meters,
              this::isReady,
              builder ->
                  Endpoints.add(
                      builder,
                      backend,
                      new Endpoints.RequestLimits(query.maxHits(), config.images().maxBytes()),
                      version(),
                      meters,
                      operations));
      started.push(server);
      // Closed first: a server waits for its streams to end.
      started.push(matches);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    if (active.get() == null) {
      log.info(
          "waiting for a generation: an encoder service announces one topic={}",
          topics.generations());
    }
  }

  /// host:port of the API and the page.
  public String address() {
    return server.address();
  }

  /// The address with `http://` or `https://` before it.
  public String url() {
    return server.url();
  }

  /// True once a generation is active and an index instance of it is known.
  public boolean isReady() {
    GenerationGeometry generation = active.get();
    return generation != null && !routing.view().of(generation.id()).instances().isEmpty();
  }

  /// Waits until the service is ready.
  ///
  /// @return false where it is not by then
  /// @throws InterruptedException where the calling thread is interrupted
  public boolean awaitReady(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isReady()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(READY_POLL.toNanos());
    }
    return true;
  }

  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable next = started.pop();
      try {
        next.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        log.warn("not closed cleanly part={}", next.getClass().getSimpleName(), e);
      }
    }
  }

  private void follow(Generation generation) {
    try {
      active.set(GenerationGeometry.of(generation));
      log.info(
          "answering in generation={} network={} partitions={}",
          generation.getId(),
          generation.getNetwork(),
          generation.getPartitions());
    } catch (IllegalArgumentException e) {
      log.error("generation cannot be used, keeping the last generation={}", generation.getId(), e);
    }
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream resource = QueryService.class.getResourceAsStream("version.properties")) {
      properties.load(resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}

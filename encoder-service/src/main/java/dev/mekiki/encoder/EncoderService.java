package dev.mekiki.encoder;

import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.mekiki.encoder.announce.GenerationAnnouncer;
import dev.mekiki.encoder.batch.BatchEncoder;
import dev.mekiki.encoder.commit.CodeWriter;
import dev.mekiki.encoder.grpc.EncodeService;
import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoder.stream.RecordEncoder;
import dev.mekiki.encoder.stream.StreamLoop;
import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.BundleException;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import dev.mekiki.runtime.server.Access;
import dev.mekiki.runtime.server.ServiceServer;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running encoder: it announces its generation, turns what arrives on `images` into codes,
/// exactly once, and encodes query images. Start more of them, on any number of machines, to share
/// the work.
///
/// Thread-safe.
public final class EncoderService implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EncoderService.class);

  private final Started started;

  private EncoderService(Started started) {
    this.started = started;
  }

  /// An encoder whose network is warm and whose server answers; it may not yet have its partitions,
  /// see {@link #isReady}.
  ///
  /// @throws StartException where Kafka is not there, a topic is not as needed, another generation
  ///   is active, the bundle cannot be used, the address is open to all without leave, or the port
  ///   is in use
  public static EncoderService start(EncoderConfig config) {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return new EncoderService(start(config, parts));
    } catch (RuntimeException | Error e) {
      close(parts);
      throw e;
    }
  }

  private static Started start(EncoderConfig config, Deque<AutoCloseable> parts) {
    Access access = Access.of("encoder", config.encoder(), config.server());
    Bundle bundle = bundle(config.encoder().bundle());
    KafkaClients clients = new KafkaClients(config.kafka(), config.images());
    BrokerProbe.probe(clients);
    // Loading and warming the network takes as long as all the rest.
    CompletableFuture<ImageEncoder> opening =
        CompletableFuture.supplyAsync(() -> open(bundle, config));
    parts.push(() -> closeOpened(opening));
    Generation generation = GenerationAnnouncer.generation(bundle, config.generation());
    Topics topics = config.topics().names();
    TopicProvisioner.ensure(clients, specs(config, bundle.networkId()));
    GenerationAnnouncer.announce(
        new GenerationRegistry(clients, topics), generation, config.generation().reindex());

    ImageEncoder encoder = joined(opening);
    PrometheusMeterRegistry registry = ServiceMetrics.registry("encoder");
    parts.push(registry::close);
    EncoderMetrics metrics = new EncoderMetrics(registry);
    BatchEncoder batches =
        new BatchEncoder(
            encoder,
            config.encoder().predictors(),
            config.encoder().batchSize(),
            config.encoder().maxDelay(),
            metrics);
    parts.push(batches);
    int decoders = config.encoder().decoders().orElse(Runtime.getRuntime().availableProcessors());
    EncodeService queries = new EncodeService(encoder, batches, decoders, metrics);
    parts.push(queries);
    AtomicReference<@Nullable StreamLoop> loop = new AtomicReference<>();
    ServiceServer server =
        ServiceServer.start(
            access,
            registry,
            () -> {
              StreamLoop running = loop.get();
              return running != null && running.isReady();
            },
            builder -> serve(builder, queries, config));
    parts.push(server);
    StreamLoop stream =
        stream(config, clients, bundle.networkId(), server, encoder, batches, decoders, metrics);
    parts.push(stream);
    loop.set(stream);
    stream.start();
    return new Started(generation, server, stream, parts);
  }

  /// host:port of gRPC, health and metrics.
  public String address() {
    return started.server.address();
  }

  /// The generation whose codes it makes.
  public Generation generation() {
    return started.generation;
  }

  /// True while the network is warm and the stream has its assignment.
  public boolean isReady() {
    return started.stream.isReady();
  }

  /// Waits until it is ready.
  ///
  /// @return false where it is not within the limit
  /// @throws IllegalStateException where the stream has stopped by itself
  public boolean awaitReady(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isReady()) {
      if (started.stream.termination().isCompletedExceptionally()) {
        throw new IllegalStateException(
            "the encoder has stopped", started.stream.termination().exceptionNow());
      }
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(Duration.ofMillis(10));
    }
    return true;
  }

  /// Completed when it has been closed; exceptionally, with the reason, where its stream stopped by
  /// itself: then it is of no use any more and should be closed.
  public CompletableFuture<Void> termination() {
    return started.stream.termination();
  }

  /// Finishes and commits what is in the works, leaves the group, and releases everything.
  @Override
  public void close() {
    synchronized (started.parts) {
      close(started.parts);
    }
  }

  private static StreamLoop stream(
      EncoderConfig config,
      KafkaClients clients,
      String networkId,
      ServiceServer server,
      ImageEncoder encoder,
      BatchEncoder batches,
      int decoders,
      EncoderMetrics metrics) {
    Topics topics = config.topics().names();
    String network = Topics.shortId(networkId);
    String instance = config.encoder().instanceId().orElseGet(() -> instanceId(server.address()));
    String name = topics.prefix() + "encoder-" + network;

    // The network is part of the group: another one starts at the beginning of images.
    Map<String, Object> consumer = clients.consumer(name);
    consumer.put(CommonClientConfigs.CLIENT_ID_CONFIG, name + "-" + instance);
    consumer.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    // The least that brokers allow by default: so soon do others take over from a dead encoder.
    consumer.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    consumer.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_500);
    consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 64);
    Map<String, Object> producer = clients.transactionalProducer(name + "-" + instance);
    // A transaction older than its timeout is lost anyway: say so and begin anew.
    producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
    producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);

    int deadLetterBytes = TopicSpec.deadLetterBytes(config.images().maxBytes());
    CodeWriter writer =
        new CodeWriter(producer, topics.imageCodes(networkId), topics.imagesDlq(), deadLetterBytes);
    StreamLoop.Settings settings =
        new StreamLoop.Settings(
            topics.images(),
            decoders,
            config.encoder().maxDelay(),
            config.encoder().maxInFlight(),
            Math.max(64L << 20, 4L * deadLetterBytes));
    log.info(
        "Encoder instance={} group={} device={} decoders={} predictors={}",
        instance,
        name,
        config.encoder().device(),
        decoders,
        config.encoder().predictors());
    return new StreamLoop(
        settings, consumer, writer, new RecordEncoder(encoder, batches, metrics), batches, metrics);
  }

  private static void serve(ServerBuilder builder, EncodeService queries, EncoderConfig config) {
    // Twice the limit passes, so that an image above it gets an answer that names the limit.
    int requestBytes = 2 * TopicSpec.deadLetterBytes(config.images().maxBytes());
    builder
        .maxRequestLength(requestBytes)
        .requestTimeout(Duration.ofSeconds(30))
        .service(
            GrpcService.builder()
                .addService(queries)
                .maxRequestMessageLength(requestBytes)
                .build());
  }

  private static List<TopicSpec> specs(EncoderConfig config, String networkId) {
    Topics topics = config.topics().names();
    int partitions = config.topics().partitions();
    short replication = config.topics().replication();
    int bytes = config.images().maxBytes();
    return List.of(
        TopicSpec.images(topics, partitions, replication, bytes),
        TopicSpec.imagesDlq(topics, partitions, replication, bytes),
        TopicSpec.imageCodes(topics, networkId, partitions, replication),
        TopicSpec.generations(topics, replication));
  }

  private static Bundle bundle(Optional<Path> file) {
    if (file.isEmpty()) {
      return Bundle.builtIn();
    }
    try {
      return Bundle.read(file.get());
    } catch (BundleException e) {
      throw new StartException("mekiki.encoder.bundle: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StartException(
          "mekiki.encoder.bundle: '%s' cannot be read: %s (expected: a bundle file)"
              .formatted(file.get(), e),
          e);
    }
  }

  private static ImageEncoder open(Bundle bundle, EncoderConfig config) {
    try {
      return ImageEncoder.open(
          bundle,
          new EncoderSettings(
              config.encoder().device(),
              config.encoder().predictors(),
              config.images().maxBytes(),
              config.images().maxPixels(),
              config.encoder().thumbnailSide()));
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "mekiki.encoder.bundle: %s: %s".formatted(bundle.source(), e.getMessage()), e);
    } catch (IllegalStateException e) {
      throw new StartException(
          "mekiki.encoder.device: '%s': %s"
              .formatted(config.encoder().device(), String.valueOf(e.getMessage())),
          e);
    }
  }

  private static ImageEncoder joined(CompletableFuture<ImageEncoder> opening) {
    try {
      return opening.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StartException start) {
        throw start;
      }
      throw e;
    }
  }

  private static void closeOpened(CompletableFuture<ImageEncoder> opening) {
    try {
      opening.join().close();
    } catch (CompletionException e) {
      log.debug("There is no encoder to close", e);
    }
  }

  private static String instanceId(String address) {
    String port = address.substring(address.lastIndexOf(':') + 1);
    try {
      return InetAddress.getLocalHost().getHostName() + ":" + port;
    } catch (UnknownHostException e) {
      // A machine that does not know its own name is at least the only one with this address.
      return address;
    }
  }

  private static void close(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        // The others must be released all the same.
        log.warn("Part of the encoder did not close part={}", part, e);
      }
    }
  }

  /// What a start has made, the parts in the order in which they close.
  private record Started(
      Generation generation, ServiceServer server, StreamLoop stream, Deque<AutoCloseable> parts) {}
}

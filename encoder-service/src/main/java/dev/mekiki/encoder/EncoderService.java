package dev.mekiki.encoder;

import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.mekiki.encoder.announce.GenerationAnnouncer;
import dev.mekiki.encoder.batch.BatchEncoder;
import dev.mekiki.encoder.batch.Network;
import dev.mekiki.encoder.commit.CodeWriter;
import dev.mekiki.encoder.decode.ImagePreparer;
import dev.mekiki.encoder.decode.RecordEncoder;
import dev.mekiki.encoder.grpc.EncodeService;
import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoder.record.ArrivalReader;
import dev.mekiki.encoder.reference.ReferenceFetcher;
import dev.mekiki.encoder.reference.References;
import dev.mekiki.encoder.stream.StreamFailures;
import dev.mekiki.encoder.stream.StreamLoop;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.decode.PictureDecoder;
import dev.mekiki.encoding.decode.process.DecodingProcesses;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.ClockWatch;
import dev.mekiki.runtime.failure.FailureKind;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.KafkaWatch;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import dev.mekiki.runtime.lifecycle.RunningService;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import dev.mekiki.runtime.server.Access;
import dev.mekiki.runtime.server.Permissions;
import dev.mekiki.runtime.server.Role;
import dev.mekiki.runtime.server.ServiceServer;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.EncoderGrpc;
import dev.mekiki.schemas.v1.Generation;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running encoder: it announces its generation, turns what arrives on `images` into codes,
/// exactly once, and encodes query images. Start more of them, on any number of machines, to share
/// the work.
///
/// It fails when one of its components is given up: the stream, the network, or decoding.
/// Thread-safe.
public final class EncoderService implements RunningService {
  private static final Logger log = LoggerFactory.getLogger(EncoderService.class);
  private static final String NAME = "encoder";

  // A network that fails is not repaired by waiting as a broker is.
  private static final Duration NETWORK_GIVE_UP_AFTER = Duration.ofMinutes(1);
  private static final int NETWORK_ATTEMPTS = 5;

  private final Generation generation;
  private final ServiceServer server;
  private final StreamLoop stream;
  private final FailureOwner failures;
  private final ReverseCloser parts;

  private EncoderService(
      Generation generation,
      ServiceServer server,
      StreamLoop stream,
      FailureOwner failures,
      ReverseCloser parts) {
    this.generation = generation;
    this.server = server;
    this.stream = stream;
    this.failures = failures;
    this.parts = parts;
  }

  /// An encoder whose network is warm and whose server answers; it may not yet have its partitions,
  /// see {@link #isReady}.
  ///
  /// @throws StartException where Kafka is not there, a topic is not as needed, another generation
  ///   is active, the bundle cannot be used, the address is open to all without leave, or the port
  ///   is in use
  public static EncoderService start(EncoderConfig config) {
    ReverseCloser parts = new ReverseCloser();
    try {
      return start(config, parts);
    } catch (RuntimeException | Error e) {
      parts.close();
      throw e;
    }
  }

  private static EncoderService start(EncoderConfig config, ReverseCloser parts) {
    Access access = Access.of(NAME, config.encoder(), config.server());
    Bundle bundle = NetworkOpening.bundle(config.encoder().bundle());
    KafkaClients clients = new KafkaClients(config.kafka(), config.images());
    BrokerProbe.probe(clients);
    PictureDecoder decoder = DecoderChoice.decoder(config, parts);
    NetworkOpening opening = parts.add(NetworkOpening.start(bundle, config, decoder));
    Generation generation = announced(config, clients, bundle);

    ImageEncoder encoder = opening.await();
    PrometheusMeterRegistry registry = ServiceMetrics.registry(NAME);
    parts.add("meters", registry::close);
    EncoderMetrics metrics = new EncoderMetrics(registry);
    if (decoder instanceof DecodingProcesses processes) {
      metrics.watch(processes);
    }
    FailureOwner failures = new FailureOwner(NAME, registry);
    parts.add(KafkaWatch.start(NAME, clients, failures, registry));
    parts.add(ClockWatch.start(failures));
    BatchEncoder batches =
        parts.add(
            new BatchEncoder(
                Network.of(encoder),
                config.encoder().predictors(),
                config.encoder().batchSize(),
                config.encoder().maxDelay(),
                metrics,
                failures.component(
                    "network",
                    FailurePolicy.standard(_ -> FailureKind.FAULT)
                        .givingUpAfter(NETWORK_GIVE_UP_AFTER, NETWORK_ATTEMPTS))));
    ImagePreparer preparer = new ImagePreparer(encoder, metrics);
    int decoders = DecoderChoice.threads(config);
    EncodeService queries =
        parts.add(
            new EncodeService(
                bundle.networkId(),
                preparer,
                batches,
                config.match().copies()
                    ? CopySearch.queries(config, clients, bundle.networkId(), decoder, registry)
                    : null,
                decoders,
                metrics));
    AtomicReference<@Nullable StreamLoop> loop = new AtomicReference<>();
    ServiceServer server =
        parts.add(
            ServiceServer.start(
                access,
                registry,
                () -> {
                  StreamLoop running = loop.get();
                  return running != null && running.isReady();
                },
                failures,
                Permissions.builder()
                    .needs(Role.SERVICE, EncoderGrpc.getServiceDescriptor())
                    .build(),
                builder -> serve(builder, queries, config)));
    ReferenceFetcher fetcher =
        parts.add(
            ReferenceFetcher.open(
                config.encoder().references(), config.images().maxBytes(), registry));
    StreamLoop.Settings settings = settings(config, decoders);
    RecordEncoder records =
        new RecordEncoder(
            bundle.networkId(),
            new ArrivalReader(config.tenants().header()),
            preparer,
            batches,
            parts.add(References.ofStream(fetcher, settings.maxInFlightBytes())),
            failures.component("decoding", FailurePolicy.standard(_ -> FailureKind.FAULT)),
            config.images().kept(),
            InstantSource.system());
    EncoderClients own = new EncoderClients(config, clients, bundle.networkId(), server.address());
    StreamLoop stream =
        parts.add(
            new StreamLoop(
                settings,
                own.stream(),
                writer(config, own, bundle.networkId()),
                records,
                batches,
                metrics,
                failures.component("stream", FailurePolicy.standard(StreamFailures::kind))));
    loop.set(stream);
    if (config.match().copies()) {
      CopySearch.start(
          config, clients, own, bundle.networkId(), decoder, fetcher, registry, failures, parts);
    }
    log.info(
        "Encoder started instance={} group={} device={} decoders={} predictors={}",
        own.instance(),
        own.group(),
        config.encoder().device(),
        decoders,
        config.encoder().predictors());
    stream.start();
    return new EncoderService(generation, server, stream, failures, parts);
  }

  /// Announces the generation of a bundle, with its topics in place.
  private static Generation announced(EncoderConfig config, KafkaClients clients, Bundle bundle) {
    Generation generation =
        GenerationAnnouncer.generation(bundle, config.generation().partitions());
    Topics topics = config.topics().names();
    int partitions = config.topics().partitions();
    short replication = config.topics().replication();
    int bytes = config.images().maxBytes();
    @Nullable Duration retention = config.images().kept().duration();
    List<TopicSpec> specs = new ArrayList<>();
    if (config.match().copies()) {
      specs.add(
          TopicSpec.imageLandmarks(
                  topics, bundle.networkId(), config.topics().landmarkPartitions(), replication)
              .forgetting(retention));
      specs.add(
          TopicSpec.copyCandidates(
              topics, partitions, replication, config.topics().probesRetention()));
      specs.add(TopicSpec.reportedCopies(topics, partitions, replication));
      specs.add(TopicSpec.matches(topics, partitions, replication));
      specs.addAll(TopicSpec.policy(topics, replication));
    }
    specs.addAll(
        List.of(
            TopicSpec.images(topics, partitions, replication, bytes).forgetting(retention),
            TopicSpec.imagesDlq(topics, partitions, replication, bytes),
            TopicSpec.imageCodes(topics, bundle.networkId(), partitions, replication)
                .forgetting(retention),
            TopicSpec.thumbnails(topics, bundle.networkId(), partitions, replication)
                .forgetting(retention),
            TopicSpec.generations(topics, replication)));
    TopicProvisioner.ensure(clients, specs);
    GenerationAnnouncer.announce(
        new GenerationRegistry(clients, topics), generation, config.generation().reindex());
    return generation;
  }

  private static StreamLoop.Settings settings(EncoderConfig config, int decoders) {
    return new StreamLoop.Settings(
        config.topics().names().images(),
        decoders,
        config.encoder().maxDelay(),
        config.encoder().maxInFlight(),
        Math.max(64L << 20, 4L * TopicSpec.deadLetterBytes(config.images().maxBytes())));
  }

  private static CodeWriter writer(EncoderConfig config, EncoderClients own, String networkId) {
    Topics topics = config.topics().names();
    return new CodeWriter(
        own.producer(),
        new CodeWriter.Targets(
            topics.imageCodes(networkId),
            topics.thumbnails(networkId),
            topics.imagesDlq(),
            TopicSpec.deadLetterBytes(config.images().maxBytes())));
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

  @Override
  public String name() {
    return NAME;
  }

  /// host:port of gRPC, health and metrics.
  @Override
  public String address() {
    return server.address();
  }

  /// The generation whose codes it makes.
  public Generation generation() {
    return generation;
  }

  /// True while the network is warm and the stream has its assignment.
  @Override
  public boolean isReady() {
    return stream.isReady();
  }

  @Override
  public CompletionStage<Throwable> failure() {
    return failures.failure();
  }

  /// Finishes and commits what is in flight, leaves the group, and releases everything.
  @Override
  public void close() {
    parts.close();
  }
}

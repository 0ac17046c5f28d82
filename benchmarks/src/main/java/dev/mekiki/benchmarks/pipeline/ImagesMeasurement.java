package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.testbed.CpuShare;
import dev.mekiki.benchmarks.testbed.Gauges;
import dev.mekiki.benchmarks.testbed.Testbed;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.encoder.EncoderService;
import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.topic.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Measures the path from images to matches: the encoder alone, the encoder service alone, both
/// services, and both at steady rates.
///
/// Pictures are sent again and again under new ids, so that every image but the first of its
/// picture makes a match.
final class ImagesMeasurement {
  private static final String NAME = "images";
  private static final int COMPARES = 300;
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);

  private final PipelineSettings settings;
  private final Output output;
  private final Pictures all;
  private final int count;

  /// Images that are sent before anything is measured, so that the code of the path is compiled.
  private final int warmUp;

  private final int cores = Runtime.getRuntime().availableProcessors();

  ImagesMeasurement(PipelineSettings settings, Output output, Pictures all, int count) {
    this.settings = settings;
    this.output = output;
    this.all = all;
    this.count = count;
    this.warmUp = Math.ceilDiv(count, 2);
  }

  /// @param pictures those that can be encoded
  /// @param rate images a second
  private record Bare(Pictures pictures, double rate) {}

  ImagesReport run() throws IOException, InterruptedException {
    try (Testbed testbed = Testbed.start(settings.data())) {
      Map<String, String> keys = new HashMap<>(settings.configuration(true));
      keys.put("mekiki.encoder.port", "0");
      keys.put("mekiki.encoder.instance-id", "bench");
      keys.put("mekiki.encoder.decoders", Integer.toString(cores));
      Configuration configuration = testbed.configuration(NAME, keys);
      EncoderConfig encoderConfig = configuration.get(EncoderConfig.class);
      IndexConfig indexConfig = configuration.get(IndexConfig.class);
      Bare bare = bare(encoderConfig);
      output.phase("starting the encoder service");
      try (EncoderService encoder = EncoderService.start(encoderConfig)) {
        encoder.awaitReady(READY_LIMIT);
        return measure(testbed, bare, encoder, encoderConfig, indexConfig);
      }
    }
  }

  private Bare bare(EncoderConfig config) throws InterruptedException {
    output.phase("decoding, fingerprint and network alone");
    EncoderSettings encoderSettings =
        new EncoderSettings(
            config.encoder().device(),
            config.encoder().predictors(),
            config.images().maxBytes(),
            config.images().maxPixels(),
            config.encoder().thumbnailSide());
    try (ImageEncoder encoder = ImageEncoder.open(Bundle.builtIn(), encoderSettings)) {
      Pictures pictures = all.encodable(encoder).nonEmpty("--images");
      BareEncoder bare = new BareEncoder(encoder, pictures, cores, config.encoder().batchSize());
      bare.rate(warmUp);
      return new Bare(pictures, bare.rate(count));
    }
  }

  private ImagesReport measure(
      Testbed testbed,
      Bare bare,
      EncoderService encoder,
      EncoderConfig encoderConfig,
      IndexConfig indexConfig)
      throws InterruptedException {
    KafkaClients clients = testbed.clients();
    Topics topics = Testbed.topics(NAME);
    Pictures pictures = bare.pictures();
    int full = warmUp + count;
    if (full < pictures.size()) {
      throw new StartException(
          "--count: %d (expected for %d pictures: at least %d, so that each has come before its copies)"
              .formatted(count, pictures.size(), Math.ceilDiv(2 * pictures.size(), 3)));
    }
    int steady = full + count;
    int images = steady;
    for (double load : settings.loads) {
      // No pipeline is faster than its encoder alone, but the machine may be faster in one phase
      // than
      // in another.
      images += Load.images(load, 2 * bare.rate(), settings.seconds);
    }
    try (KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                clients.producer(), new StringSerializer(), new ByteArraySerializer());
        MatchWatch codes =
            new MatchWatch(clients, topics.imageCodes(encoder.generation().getNetwork()), images)) {
      Sender sender = new Sender(producer, topics.images(), pictures);
      sender.send(0, warmUp);
      awaitAll(codes::images, warmUp, "codes");
      output.phase("%,d images through the encoder service".formatted(count));
      CpuShare broker = testbed.brokerCpu();
      long start = System.nanoTime();
      sender.send(warmUp, full);
      long end = awaitAll(codes::images, full, "codes");
      double encoderRate = Figures.perSecond(count, end - start);
      double brokerShare = broker.share();

      output.phase("starting the index service");
      try (IndexService index = IndexService.start(indexConfig)) {
        index.awaitReady(READY_LIMIT);
        Gauges gauges = new Gauges(index.address());
        try (MatchWatch matches = new MatchWatch(clients, topics.matches(), images)) {
          Gauges.await("images indexed", settings.limit(), () -> gauges.images() >= full);
          // With landmarks originals may match, too: some are photos of one thing.
          IntSupplier copies = () -> matches.imagesFrom(pictures.size());
          awaitAll(copies, copies(pictures, full), "matches");
          output.phase("%,d images through both services".formatted(count));
          start = System.nanoTime();
          sender.send(full, steady);
          end = awaitAll(copies, copies(pictures, steady), "matches");
          double rate = Figures.perSecond(count, end - start);
          return new ImagesReport(
              pictures.size(),
              count,
              encoderConfig.encoder().batchSize(),
              cores,
              settings.landmarks,
              settings.commitIntervalMs,
              rate,
              encoderRate,
              bare.rate(),
              Figures.rounded(encoderRate / bare.rate()),
              Figures.rounded(brokerShare),
              copies.getAsInt() == copies(pictures, steady),
              latencies(matches, sender, steady, images, rate),
              compares(testbed, index, encoder, full));
        }
      }
    }
  }

  private List<LatencyAtLoad> latencies(
      MatchWatch matches, Sender sender, int from, int images, double highest)
      throws InterruptedException {
    Load load = new Load(matches, number -> sender.send(number, number + 1), _ -> true);
    List<LatencyAtLoad> latencies = new ArrayList<>();
    int next = from;
    for (double share : settings.loads) {
      output.phase("%,.0f images a second".formatted(share * highest));
      int to = Math.min(images, next + Load.images(share, highest, settings.seconds));
      latencies.add(load.run(share, highest, next, to));
      next = to;
    }
    return latencies;
  }

  private CompareLatency compares(
      Testbed testbed, IndexService index, EncoderService encoder, int indexed)
      throws InterruptedException {
    Map<String, String> keys = new HashMap<>(settings.configuration(true));
    keys.put("mekiki.query.port", "0");
    keys.put("mekiki.query.index-addresses", index.address());
    keys.put("mekiki.query.encoder-addresses", encoder.address());
    output.phase("comparing %,d pairs, as many before to warm up".formatted(COMPARES));
    try (QueryClient client =
        new QueryClient(testbed.configuration(NAME, keys).get(QueryConfig.class))) {
      return CompareWatch.run(client, indexed, COMPARES);
    }
  }

  private long awaitAll(IntSupplier seen, int expected, String what) throws InterruptedException {
    return Gauges.await(
        "%,d %s".formatted(expected, what), settings.limit(), () -> seen.getAsInt() >= expected);
  }

  /// How many images below a number are copies of an earlier one.
  private static int copies(Pictures pictures, int to) {
    return Math.max(0, to - pictures.size());
  }

  private record Sender(KafkaProducer<String, byte[]> producer, String topic, Pictures pictures) {
    void send(int from, int to) {
      for (int number = from; number < to; number++) {
        var _ =
            producer.send(new ProducerRecord<>(topic, ImageIds.of(number), pictures.get(number)));
      }
    }
  }
}

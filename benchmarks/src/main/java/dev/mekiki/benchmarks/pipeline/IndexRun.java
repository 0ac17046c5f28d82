package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.testbed.CodeSender;
import dev.mekiki.benchmarks.testbed.Gauges;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.benchmarks.testbed.Testbed;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import java.time.Duration;
import java.util.Map;

/// An index service with topics of its own, a producer that writes codes as an encoder does, and a
/// consumer that reads the matches.
final class IndexRun implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofMinutes(1);

  private final String name;
  private final MadeUpImages images;
  private final GenerationGeometry geometry;
  private final MatchPolicy policy;
  private final IndexService service;
  private final Gauges gauges;
  private final MatchWatch matches;
  private final CodeSender sender;

  /// @param name of the topics, different for each run on a testbed
  IndexRun(
      Testbed testbed,
      String name,
      Map<String, String> settings,
      Generation generation,
      MadeUpImages images)
      throws InterruptedException {
    this.name = name;
    this.images = images;
    this.geometry = GenerationGeometry.of(generation);
    IndexConfig config = testbed.configuration(name, settings).get(IndexConfig.class);
    this.policy = config.match().policy();
    testbed.announce(name, config.topics().partitions(), generation);
    service = IndexService.start(config);
    service.awaitReady(READY_LIMIT);
    gauges = new Gauges(service.address());
    KafkaClients clients = testbed.clients();
    Topics topics = Testbed.topics(name);
    matches = new MatchWatch(clients, topics.matches(), images.size());
    sender = new CodeSender(clients, topics, images);
  }

  /// Images that are indexed.
  long indexed() {
    return gauges.images();
  }

  /// Images and probes that were not looked up.
  long heldBack() {
    return (long) gauges.sum("mekiki_index_held_back_total");
  }

  void send(int number) {
    sender.send(number);
  }

  /// The partition that an image is stored in.
  int home(int number) {
    return geometry.home(images.code(number), ImageIds.of(number)).partition();
  }

  /// Of the topics.
  String name() {
    return name;
  }

  /// host:port of the index service.
  String address() {
    return service.address();
  }

  MadeUpImages images() {
    return images;
  }

  MatchWatch matches() {
    return matches;
  }

  /// Probes of each image that has arrived, a mean.
  double probesPerImage() {
    return (double) gauges.probesSent() / gauges.arrivals();
  }

  /// Sends images 0 to below `to` as fast as the broker takes them.
  ///
  /// @param matching whether the service matches, and so probes
  /// @return codes a second, from the first send to when all are indexed, all their probes answered
  ///   and all matches seen
  double rate(int to, boolean matching, Duration limit) throws InterruptedException {
    long probes = matching ? probes(to) : 0;
    int expected = matching ? images.copies(0, to) : 0;
    long start = System.nanoTime();
    for (int number = 0; number < to; number++) {
      send(number);
    }
    sender.flush();
    long left = Math.max(1, limit.toNanos() - (System.nanoTime() - start));
    long end =
        Gauges.await(
            "%,d images, %,d probes and %,d matches".formatted(to, probes, expected),
            Duration.ofNanos(left),
            () ->
                matches.images() >= expected
                    && gauges.images() >= to
                    && gauges.probesProcessed() >= probes);
    return Figures.perSecond(to, end - start);
  }

  private long probes(int to) {
    Routing routing = geometry.routing();
    long probes = 0;
    for (int number = 0; number < to; number++) {
      HashCode code = images.code(number);
      int home = home(number);
      probes += routing.probed(code, home, policy.reach(), policy.codeRadius()).size();
    }
    return probes;
  }

  @Override
  public void close() {
    sender.close();
    matches.close();
    service.close();
  }
}

package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.bucket.Hit;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.index.World;
import dev.mekiki.index.cluster.Workload.Pair;
import dev.mekiki.index.cluster.Workload.Step;
import dev.mekiki.index.cluster.Workload.Version;
import dev.mekiki.index.topology.IndexNames;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.IndexGrpc;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.PartitionSearchRequest;
import dev.mekiki.schemas.v1.RoutingSnapshot;
import dev.mekiki.schemas.v1.SearchHit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// One generation on a broker: where its codes are written and its matches read.
final class Cluster implements AutoCloseable {
  static final int ID_PARTITIONS = 4;
  static final int RADIUS = 8;

  private final Map<String, String> configuration;
  private final Topics topics;
  private final String generation;
  private final KafkaClients clients;
  private final KafkaProducer<String, ImageCode> producer;
  private final KafkaProducer<byte[], byte[]> rawProducer;
  private final List<Exception> refused = new CopyOnWriteArrayList<>();
  private final MatchLog matches;
  private List<String> known = List.of();
  private final InstanceClients instanceClients;

  /// @param name keeps the topics of several tests apart
  Cluster(String bootstrapServers, String name, World world) {
    configuration =
        Map.of(
            "mekiki.kafka.bootstrap-servers",
            bootstrapServers,
            "mekiki.topics.prefix",
            name + ".",
            "mekiki.topics.partitions",
            Integer.toString(ID_PARTITIONS),
            "mekiki.index.port",
            "0",
            "mekiki.match.max-events-per-arrival",
            "10000");
    IndexConfig config = Configuration.of(IndexConfig.class, configuration);
    topics = config.topics().names();
    clients = new KafkaClients(config.kafka(), config.images());
    TopicProvisioner.ensure(
        clients,
        List.of(
            TopicSpec.generations(topics, (short) 1),
            TopicSpec.imageCodes(topics, World.NETWORK, ID_PARTITIONS, (short) 1),
            TopicSpec.matches(topics, ID_PARTITIONS, (short) 1)));
    Generation announced = GenerationRegistry.identified(world.generation());
    generation = announced.getId();
    instanceClients = new InstanceClients(generation, world.geometry().partitions());
    new GenerationRegistry(clients, topics).announce(announced, false);
    producer =
        new KafkaProducer<>(
            clients.producer(),
            new StringSerializer(),
            ProtobufSerde.of(ImageCode.getDefaultInstance()).serializer());
    rawProducer =
        new KafkaProducer<>(
            clients.producer(), new ByteArraySerializer(), new ByteArraySerializer());
    matches = new MatchLog(clients, topics.matches());
  }

  /// How an instance with its state in the given directory is configured.
  Map<String, String> configuration(Path stateDirectory) {
    Map<String, String> all = new HashMap<>(configuration);
    all.put("mekiki.index.state-dir", stateDirectory.toString());
    return all;
  }

  IndexService start(Path stateDirectory) {
    return start(configuration(stateDirectory));
  }

  /// Starts an instance with one setting of its own.
  IndexService start(Path stateDirectory, String key, String value) {
    Map<String, String> all = configuration(stateDirectory);
    all.put(key, value);
    return start(all);
  }

  /// Starts an instance with settings of its own.
  IndexService start(Path stateDirectory, Map<String, String> settings) {
    Map<String, String> all = configuration(stateDirectory);
    all.putAll(settings);
    return start(all);
  }

  private static IndexService start(Map<String, String> all) {
    IndexService service = IndexService.start(Configuration.of(IndexConfig.class, all));
    awaitReady(service);
    return service;
  }

  static void awaitReady(IndexService service) {
    try {
      service.awaitReady(Duration.ofSeconds(60));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Writes steps, each lane in its order and lanes interleaved by whichever thread comes first.
  void write(List<Step> steps) {
    Map<Integer, List<Step>> lanes = new TreeMap<>();
    steps.forEach(step -> lanes.computeIfAbsent(step.lane(), _ -> new ArrayList<>()).add(step));
    List<Thread> writers =
        lanes.values().stream()
            .map(lane -> Thread.ofVirtual().start(() -> lane.forEach(this::write)))
            .toList();
    for (Thread writer : writers) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    producer.flush();
  }

  private void write(Step step) {
    write(step.id(), step.code());
  }

  void write(String id, @Nullable ImageCode code) {
    var _ =
        producer.send(
            new ProducerRecord<>(topics.imageCodes(World.NETWORK), id, code),
            (metadata, failure) -> {
              if (failure != null) {
                throw new AssertionError(failure);
              }
            });
  }

  /// Writes a record as it is, whatever it is.
  void write(ProducerRecord<byte[], byte[]> record) {
    var _ =
        rawProducer.send(
            record,
            (metadata, failure) -> {
              if (failure != null) {
                refused.add(failure);
              }
            });
  }

  /// Waits until raw records are written, and checks that the broker took them all.
  void flush() {
    rawProducer.flush();
    assertThat(refused).isEmpty();
  }

  /// Makes the broker take records of any timestamp, as brokers before 4.0 do.
  void acceptAnyTimestamp() {
    try (Admin admin = Admin.create(clients.admin())) {
      Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
      for (String topic : List.of(codesTopic(), placementsTopic(), probesTopic())) {
        changes.put(
            new ConfigResource(ConfigResource.Type.TOPIC, topic),
            List.of(
                new AlterConfigOp(
                    new ConfigEntry(
                        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                        Long.toString(Long.MAX_VALUE)),
                    AlterConfigOp.OpType.SET)));
      }
      admin.incrementalAlterConfigs(changes).all().get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  String codesTopic() {
    return topics.imageCodes(World.NETWORK);
  }

  String placementsTopic() {
    return topics.codePlacements(generation, 0);
  }

  String probesTopic() {
    return topics.probes(generation, 0);
  }

  String groupsTopic() {
    return topics.groups();
  }

  String applicationId() {
    return new IndexNames(topics, generation, 0).applicationId();
  }

  KafkaClients clients() {
    return clients;
  }

  /// All matches emitted so far, as a read-committed consumer sees them.
  List<Match> matches() {
    return matches.read();
  }

  /// All matches retracted so far.
  List<Match> retracted() {
    return matches.retracted();
  }

  /// Leaves what was emitted so far out of later checks.
  void forgetMatches() {
    matches.forget();
  }

  /// Waits until each final pair has been emitted and checks that every event ever emitted was a
  /// match, and none of them was emitted twice.
  void checkMatches(Workload workload) {
    checkMatches(workload, Reach.EVERYWHERE);
  }

  /// The same for instances with that reach.
  void checkMatches(Workload workload, Reach reach) {
    Set<Pair> expected = workload.finalPairs(reach, RADIUS);
    assertThat(expected).as("pairs in the workload").isNotEmpty();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> {
          Set<Pair> missing = new HashSet<>(expected);
          matches().forEach(match -> missing.remove(pair(match)));
          assertThat(missing).as("final pairs missing of %d", expected.size()).isEmpty();
        });
    // What is still under way may only be events of revisions already replaced.
    awaitSearch(workload);
    Set<Pair> emitted = new HashSet<>();
    Set<String> eventIds = new HashSet<>();
    for (Match match : matches()) {
      assertThat(emitted.add(pair(match))).as("emitted twice: %s", match).isTrue();
      assertThat(eventIds.add(match.getEventId())).isTrue();
      Version later = workload.revision(match.getLater().getRevision());
      Version earlier = workload.revision(match.getEarlier().getRevision());
      assertThat(Workload.isMatch(later, earlier, reach, RADIUS))
          .as("no match: %s", match)
          .isTrue();
      assertThat(Workload.later(later, earlier)).isEqualTo(later);
      assertThat(later.muted()).isFalse();
      assertThat(match.getCodeDistance()).isEqualTo(later.code().distance(earlier.code()));
      assertThat(match.getKind())
          .isEqualTo(
              later.content().equals(earlier.content()) ? MatchKind.EXACT : MatchKind.DUPLICATE);
      assertThat(match.getLeftOut()).isZero();
    }
    System.out.printf(
        "%d final pairs emitted, %d events in all, each once%n", expected.size(), emitted.size());
  }

  private static Pair pair(Match match) {
    return Pair.of(match.getLater().getRevision(), match.getEarlier().getRevision());
  }

  /// Waits until the partitions hold what the workload left, by searching for everything.
  private void awaitSearch(Workload workload) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .untilAsserted(() -> checkSearches(workload, instances(), 1, 10_000));
  }

  /// Names instances that can be asked.
  void knows(String... addresses) {
    known = List.of(addresses);
  }

  List<IndexInstance> instances() {
    return routing(known.getFirst()).getInstancesList();
  }

  /// Who hosts what, as an instance sees it now.
  RoutingSnapshot routing(String address) {
    return instanceClients.routing(address);
  }

  /// Compares searches over all partitions, each asked where it is active, with brute force.
  void checkSearches(Workload workload, int queries) {
    checkSearches(workload, instances(), queries, 10);
  }

  private void checkSearches(Workload workload, List<IndexInstance> asked, int queries, int k) {
    for (int query = 0; query < queries; query++) {
      HashCode code = workload.query();
      HashCode fingerprint = World.flipped(code256(code), new Random(query), 0.1);
      List<Hit> expected =
          workload.current().values().stream()
              .map(version ->
                  new Hit(
                      version.id(),
                      version.code().distance(code),
                      version.fingerprint().distance(fingerprint)))
              .sorted(Hit.ORDER)
              .limit(k)
              .toList();
      List<SearchHit> found = instanceClients.search(asked, code, fingerprint, k);
      assertThat(found.stream().map(InstanceClients::hit).toList()).isEqualTo(expected);
      for (SearchHit hit : found) {
        assertThat(hit.getRevision()).isEqualTo(workload.current(hit.getImageId()).revision());
      }
    }
  }

  private static HashCode code256(HashCode code) {
    return HashCode.of(256, code.word(0), code.word(0), code.word(0), code.word(0));
  }

  /// All images, the nearest first.
  List<SearchHit> found(HashCode code, HashCode fingerprint) {
    return instanceClients.search(instances(), code, fingerprint, 10_000);
  }

  /// Waits until the instances at the given addresses alone host every partition.
  void awaitHosts(String... addresses) {
    knows(addresses);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .untilAsserted(() -> {
          List<IndexInstance> found = instances();
          assertThat(found)
              .extracting(IndexInstance::getAddress)
              .containsExactlyInAnyOrder(addresses);
          assertThat(found)
              .allSatisfy(instance ->
                  assertThat(
                          instance.getActivePartitionsCount()
                              + instance.getActiveIdPartitionsCount())
                      .isPositive());
          checkAllActive(found);
        });
  }

  /// Each partition answers as active where the routing says so.
  private void checkAllActive(List<IndexInstance> asked) {
    instanceClients.search(asked, HashCode.of(World.BITS, 0), HashCode.of(256, 0, 0, 0, 0), 1);
  }

  PartitionSearchRequest request(
      HashCode code, HashCode fingerprint, Collection<Integer> partitions, int k) {
    return instanceClients.request(code, fingerprint, partitions, k);
  }

  IndexGrpc.IndexBlockingStub client(String address) {
    return instanceClients.client(address);
  }

  String generation() {
    return generation;
  }

  @Override
  public void close() {
    producer.close();
    rawProducer.close();
    matches.close();
  }
}

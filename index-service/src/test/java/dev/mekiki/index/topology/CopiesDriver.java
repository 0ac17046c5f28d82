package dev.mekiki.index.topology;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.hashing.policy.PolicyFilter;
import dev.mekiki.index.MadeUpLandmarks;
import dev.mekiki.index.World;
import dev.mekiki.index.copies.CopyMetrics;
import dev.mekiki.index.copies.CopyProcessor;
import dev.mekiki.index.copies.CopySearcher;
import dev.mekiki.index.copies.CopySettings;
import dev.mekiki.index.copies.HostedLandmarks;
import dev.mekiki.index.copies.LandmarkStore;
import dev.mekiki.index.copies.StoredCopies;
import dev.mekiki.index.flood.FloodSettings;
import dev.mekiki.index.probe.OutgoingProbesSerializer;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.topic.CutMarker;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.ImageLandmarks;
import dev.mekiki.schemas.v1.LandmarkProbe;
import dev.mekiki.schemas.v1.LandmarkProbes;
import dev.mekiki.schemas.v1.LandmarkRow;
import dev.mekiki.schemas.v1.ReadDecisions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// The search for copies in the test driver: it is partition 0 of the two that there are. What an
/// image shows is a number; images of one number share all landmarks.
final class CopiesDriver implements AutoCloseable {
  static final int ELSEWHERE = 1;
  static final World WORLD = World.random(new Random(7), 4, 2);
  private static final String SENT = "sent-probes";

  private final TopologyFixture fixture;
  private final HostedLandmarks hosted;
  private volatile Policies policies = Policies.NONE;
  private ReadDecisions decisions = ReadDecisions.getDefaultInstance();
  private final CopySettings settings;
  private final CopyMetrics metrics;
  private final TopologyTestDriver driver;
  private final TestInputTopic<String, ImageLandmarks> landmarks;
  private final TestInputTopic<String, LandmarkProbes> probes;
  private final TestOutputTopic<String, LandmarkProbes> sent;
  private final TestOutputTopic<String, CopyCandidate> candidates;

  private PairFilter filter() {
    return PolicyFilter.ofCopies(OriginFilter.DEFAULT, () -> policies);
  }

  /// What is decided from now on.
  void decide(Policies decided) {
    policies = decided;
    decisions = ReadDecisions.newBuilder().setMutes(decisions.getMutes() + 1).build();
  }

  /// How far decisions were read.
  ReadDecisions decisions() {
    return decisions;
  }

  CopiesDriver(Path directory, int maxCandidates) {
    this(TopologyFixture.of(WORLD, TopologyFixture.matching()), directory, maxCandidates);
  }

  CopiesDriver(TopologyFixture fixture, Path directory, int maxCandidates) {
    this(fixture, directory, maxCandidates, FloodSettings.OFF);
  }

  CopiesDriver(TopologyFixture fixture, Path directory, int maxCandidates, FloodSettings floods) {
    this.fixture = fixture;
    hosted =
        new HostedLandmarks(
            World.BITS,
            fixture.hosted().startup(),
            fixture.hosted().lags(),
            fixture.topology().leftOut());
    settings =
        new CopySettings(
            TopologyFixture.matching().policy(),
            TopologyFixture.matching().origins(),
            floods,
            2,
            maxCandidates);
    metrics = new CopyMetrics(fixture.registry(), hosted);
    Topology topology = new Topology();
    fixture
        .topology()
        .addCopies(
            topology, new CopyTopology(settings, filter(), hosted, () -> decisions, metrics));
    topology.addSink(
        CopyProcessor.PROBES,
        SENT,
        new StringSerializer(),
        new OutgoingProbesSerializer(),
        IndexTopology.COPIES);
    driver = new TopologyTestDriver(topology, TopologyFixture.settings(directory));
    String network = WORLD.geometry().network();
    landmarks =
        driver.createInputTopic(
            TopologyFixture.TOPICS.imageLandmarks(network),
            new StringSerializer(),
            ProtobufSerde.of(ImageLandmarks.getDefaultInstance()).serializer());
    ProtobufSerde<LandmarkProbes> probe = ProtobufSerde.of(LandmarkProbes.getDefaultInstance());
    probes =
        driver.createInputTopic(
            TopologyFixture.TOPICS.landmarkProbes(WORLD.geometry().id(), 0),
            new StringSerializer(),
            probe.serializer());
    sent = driver.createOutputTopic(SENT, new StringDeserializer(), probe.deserializer());
    candidates =
        driver.createOutputTopic(
            TopologyFixture.TOPICS.copyCandidates(),
            new StringDeserializer(),
            ProtobufSerde.of(CopyCandidate.getDefaultInstance()).deserializer());
  }

  /// An image: what it shows, and the bytes and offset of its revision.
  static ImageLandmarks showing(int picture, String content, long offset) {
    return MadeUpLandmarks.showing(WORLD.geometry().centers().center(0), picture, content, offset);
  }

  /// The same image of a tenant.
  static ImageLandmarks ofTenant(String tenant, ImageLandmarks image) {
    return image.toBuilder().setImage(image.getImage().toBuilder().setTenant(tenant)).build();
  }

  /// Landmarks of an image, or its removal.
  void arrive(String id, @Nullable ImageLandmarks image) {
    landmarks.pipeInput(id, image);
  }

  /// A probe from the other partition.
  void probe(String id, long sequence, long seen, ImageLandmarks image) {
    ask(probe(id, sequence, seen, ELSEWHERE, image));
  }

  static LandmarkProbe probe(String id, long sequence, long seen, int from, ImageLandmarks image) {
    return LandmarkProbe.newBuilder()
        .setImageId(ByteString.copyFromUtf8(id))
        .setFrom(from)
        .setSequence(sequence)
        .setSeen(seen)
        .setImage(image.getImage())
        .setSought(image.getSought())
        .setSoughtFingerprints(image.getSoughtFingerprints())
        .build();
  }

  /// One record of probes.
  void ask(LandmarkProbe... asked) {
    probes.pipeInput(LandmarkProbes.newBuilder().addAllProbes(List.of(asked)).build());
  }

  List<LandmarkProbe> sentProbes() {
    return sent.readValuesToList().stream()
        .flatMap(value -> value.getProbesList().stream())
        .toList();
  }

  /// What was written to `matches`.
  List<TestRecord<String, String>> events() {
    return driver
        .createOutputTopic(
            TopologyFixture.TOPICS.matches(), new StringDeserializer(), new StringDeserializer())
        .readRecordsToList();
  }

  List<CopyCandidate> candidates() {
    return candidates.readValuesToList();
  }

  CopySearcher searcher() {
    return new CopySearcher(settings, hosted, metrics, () -> true, 2);
  }

  StoredCopies stored() {
    return new StoredCopies(
        WORLD.geometry(),
        settings,
        filter(),
        hosted,
        Retention.NONE,
        InstantSource.system(),
        () -> decisions);
  }

  /// Asks on another thread while this one lets time pass for the partition.
  <T> T ask(Callable<@Nullable T> question) throws Exception {
    FutureTask<@Nullable T> asked = new FutureTask<>(question);
    Thread.ofPlatform().start(asked);
    while (!asked.isDone()) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
      Thread.sleep(1);
    }
    return Objects.requireNonNull(asked.get());
  }

  LandmarkStore store() {
    return hosted.stores().partition(0).orElseThrow();
  }

  double leftOut(String topic) {
    return fixture
        .registry()
        .get("mekiki.index.records.left.out")
        .tag("topic", topic)
        .counter()
        .count();
  }

  double count(String counter) {
    return fixture.registry().get(counter).counter().count();
  }

  /// Puts landmarks into the store behind the processor's back.
  void store(String id, ImageLandmarks image) {
    KeyValueStore<Bytes, byte[]> stored = driver.getKeyValueStore(LandmarkStore.NAME);
    stored.put(
        LandmarkStore.key(id),
        LandmarkRow.newBuilder()
            .setImage(image.getImage())
            .setStored(image.getStored())
            .setSequence(1)
            .build()
            .toByteArray());
  }

  /// Lets the wall clock of the driver, which starts sweeps, go on.
  void sweep() {
    for (int i = 0; i < 3; i++) {
      driver.advanceWallClockTime(Duration.ofSeconds(5));
    }
  }

  /// The marker of a cut.
  void mark(int number) {
    String topic = TopologyFixture.TOPICS.imageLandmarks(WORLD.geometry().network());
    ProducerRecord<byte[], byte[]> marker = CutMarker.record(topic, 0, number);
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(marker.key(), marker.value(), marker.headers()));
  }

  /// Bytes instead of landmarks.
  void arriveBytes(String id, byte[] value) {
    driver
        .createInputTopic(
            TopologyFixture.TOPICS.imageLandmarks(WORLD.geometry().network()),
            new StringSerializer(),
            new ByteArraySerializer())
        .pipeInput(id, value);
  }

  @Override
  public void close() {
    driver.close();
  }
}

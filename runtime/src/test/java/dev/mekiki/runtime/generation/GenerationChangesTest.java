package dev.mekiki.runtime.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.hashing.match.Era;
import dev.mekiki.hashing.match.Eras;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TestClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.topic.CutMarker;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Center;
import dev.mekiki.schemas.v1.Cut;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.MatchSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class GenerationChangesTest {
  private static final String NETWORK = "aaaaaaaaaaaaaaaa";
  private static final String OTHER_NETWORK = "bbbbbbbbbbbbbbbb";
  private static final int PARTITIONS = 2;

  @TempDir static Path directory;
  private static EmbeddedBroker broker;
  private static KafkaClients clients;

  private Topics topics;
  private GenerationRegistry registry;
  private GenerationChanges changes;
  private final Generation live = generation(NETWORK, 8);
  private final Generation next = generation(NETWORK, 4);

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    clients = TestClients.of(Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void createTopics(TestInfo test) {
    topics = new Topics(test.getTestMethod().orElseThrow().getName() + ".");
    TopicProvisioner.ensure(
        clients,
        List.of(
            TopicSpec.generations(topics, (short) 1),
            TopicSpec.images(topics, PARTITIONS, (short) 1, 1 << 20),
            TopicSpec.imageCodes(topics, NETWORK, PARTITIONS, (short) 1),
            TopicSpec.imageLandmarks(topics, NETWORK, 1, (short) 1)));
    registry = new GenerationRegistry(clients, topics);
    changes = new GenerationChanges(clients, topics);
    registry.announce(live, false);
  }

  @Test
  void aPreparedGenerationStandsBesideTheActiveOne() {
    changes.prepare(next);

    Generations known = registry.read();
    assertThat(known.isActive(live.getId())).isTrue();
    assertThat(known.byId().values())
        .extracting(Generation::getState)
        .containsExactlyInAnyOrder(Generation.State.ACTIVE, Generation.State.PREPARED);
    assertThat(known.beginning(next.getId())).isEqualTo(new Generations.Beginning(0, true));
    assertThat(known.beginning(live.getId())).isEqualTo(new Generations.Beginning(0, false));
    assertThat(changes.prepare(next).getId()).isEqualTo(next.getId());
    assertThatThrownBy(() -> changes.prepare(live))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("kept already, as ACTIVE");
  }

  @Test
  void aCutNamesTheEndsOfImagesAndMarksEachPartitionOfCodesAndLandmarks() throws Exception {
    send(0, 3);
    send(1, 1);
    changes.prepare(next);
    Cut cut = changes.activate(next.getId(), "ann");

    assertThat(cut.getNumber()).isEqualTo(1);
    assertThat(cut.getPrevious()).isEqualTo(live.getId());
    assertThat(cut.getImagesOffsetsList()).containsExactly(3L, 1L);
    Generations known = registry.read();
    assertThat(known.isActive(next.getId())).isTrue();
    assertThat(known.cuts()).containsExactly(cut);
    assertThat(known.previous().map(Generation::getId)).contains(live.getId());
    assertThat(markers()).containsExactlyInAnyOrder("codes 0: 1", "codes 1: 1", "landmarks 0: 1");
    // Asked once more, nothing is cut.
    assertThat(changes.activate(next.getId(), "ann")).isEqualTo(cut);
    assertThat(registry.read().active()).extracting(Generation::getActivatedBy).isEqualTo("ann");
    assertThat(registry.read().cuts()).hasSize(1);
  }

  @Test
  void onlyGroupsAreOfOneGeneration() {
    registry.agree(live.getId(), (_, _) -> grouped(true));
    assertThatThrownBy(() -> changes.prepare(next))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("keeps groups");
    registry.agree(live.getId(), (_, _) -> grouped(false));
    assertThat(changes.prepare(next).getState()).isEqualTo(Generation.State.PREPARED);
  }

  private static MatchSettings grouped(boolean groups) {
    return settings(0, false).toBuilder().setCopies(true).setGroups(groups).build();
  }

  @Test
  void eachEraHasOneGenerationThatReports() throws Exception {
    changes.prepare(next);
    send(0, 2);
    changes.activate(next.getId(), "ann");
    send(0, 2);
    Cut back = changes.activate(live.getId(), "ann");
    assertThat(back.getNumber()).isEqualTo(2);

    Generations known = registry.read();
    Eras ofLive = known.eras(live.getId(), settings(0, false));
    Eras ofNext = known.eras(next.getId(), settings(0, true));
    for (int offset = 0; offset < 6; offset++) {
      Revision revision = new Revision(topics.images(), 0, offset);
      Era era = ofLive.of(revision, "");
      assertThat(era.number()).isEqualTo(offset / 2);
      assertThat(era.silent()).isEqualTo(offset / 2 == 1);
      assertThat(ofNext.of(revision, "")).isEqualTo(new Era(offset / 2, !era.silent()));
    }
    // Images on a topic that was made again count their offsets anew.
    assertThat(ofLive.of(new Revision(topics.images(), 0, 0), "another").number()).isEqualTo(2);
  }

  @Test
  void ofManyAtOnceEachCutHasItsNumber() {
    changes.prepare(next);
    List<CompletableFuture<Cut>> cuts =
        IntStream.range(0, 4)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () -> changes.activate(i % 2 == 0 ? next.getId() : live.getId(), "ann"),
                    task -> Thread.ofVirtual().start(task)))
            .toList();
    cuts.forEach(CompletableFuture::join);

    List<Cut> made = registry.read().cuts();
    assertThat(made).isNotEmpty();
    String active = live.getId();
    for (int number = 1; number <= made.size(); number++) {
      Cut cut = made.get(number - 1);
      assertThat(cut.getNumber()).isEqualTo(number);
      assertThat(cut.getPrevious()).isEqualTo(active);
      active = cut.getGeneration();
    }
    assertThat(registry.read().isActive(active)).isTrue();
  }

  @Test
  void anEncoderOfAKeptNetworkMayStart() {
    Generation other = generation(OTHER_NETWORK, 8);
    assertThat(registry.announce(other, false)).isInstanceOf(Announcement.OtherActive.class);
    changes.prepare(other);
    assertThat(registry.announce(other, false)).isInstanceOf(Announcement.EncodesFor.class);
    changes.activate(other.getId(), "ann");
    // Both networks go on: the way back stays open.
    assertThat(registry.announce(other, false)).isInstanceOf(Announcement.AlreadyActive.class);
    assertThat(registry.announce(live, false)).isInstanceOf(Announcement.EncodesFor.class);
    assertThatThrownBy(() -> registry.announce(live, true))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki generation activate");
  }

  @Test
  void aGenerationThatIsPreparedAgainIsBegunAnew() {
    changes.prepare(next);
    registry.agree(next.getId(), (_, _) -> settings(0, true).toBuilder().setRun(0).build());
    changes.activate(next.getId(), "ann");
    changes.activate(live.getId(), "ann");
    assertThatThrownBy(() -> changes.forget(live.getId()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("is active");
    changes.end(next.getId());
    assertThatThrownBy(() -> changes.activate(next.getId(), "ann"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("is being removed");
    changes.forget(next.getId());
    assertThat(registry.read().byId()).containsOnlyKeys(live.getId());

    changes.prepare(next);
    MatchSettings settings = Objects.requireNonNull(registry.read().settings().get(next.getId()));
    assertThat(settings.getRun()).isEqualTo(1);
    assertThat(settings.getCutsBefore()).isEqualTo(2);
    // Its own era before reports nothing again.
    assertThat(
            registry
                .read()
                .eras(next.getId(), settings)
                .of(new Revision(topics.images(), 0, 100), ""))
        .isEqualTo(new Era(2, true));
  }

  @Test
  void activatingWhatIsNotKeptIsRefused() {
    assertThatThrownBy(() -> changes.activate(next.getId(), "ann"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("unknown");
  }

  private static MatchSettings settings(int cutsBefore, boolean prepared) {
    return MatchSettings.newBuilder().setCutsBefore(cutsBefore).setPrepared(prepared).build();
  }

  private void send(int partition, int records) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            clients.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        var _ =
            producer.send(
                new ProducerRecord<>(
                    topics.images(), partition, new byte[] {(byte) i}, new byte[1]));
      }
    }
  }

  private List<String> markers() {
    List<String> markers = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, PARTITIONS)
              .mapToObj(number -> new TopicPartition(topics.imageCodes(NETWORK), number))
              .collect(Collectors.toCollection(ArrayList::new));
      partitions.add(new TopicPartition(topics.imageLandmarks(NETWORK), 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (markers.size() < partitions.size()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          markers.add(
              "%s %d: %d"
                  .formatted(
                      record.topic().contains("landmarks") ? "landmarks" : "codes",
                      record.partition(),
                      CutMarker.number(record.headers()).orElseThrow()));
        }
      }
    }
    return markers;
  }

  private static Generation generation(String network, int partitions) {
    Center center =
        Center.newBuilder().setCode(ByteString.copyFrom(new byte[2])).setLabel("cat").build();
    return GenerationRegistry.identified(
        Generation.newBuilder()
            .setNetwork(network)
            .setBits(16)
            .addCenters(center)
            .setPartitions(partitions)
            .addPartitionOfCenter(0)
            .build());
  }
}

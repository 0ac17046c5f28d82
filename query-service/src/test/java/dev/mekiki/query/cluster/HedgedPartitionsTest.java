package dev.mekiki.query.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.query.search.InstanceAnswer;
import dev.mekiki.query.search.Partitions;
import dev.mekiki.query.search.Query;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.StandbyAnswer;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Partitions 0 and 1 are active on A with a standby on B, partition 2 is active on B alone.
class HedgedPartitionsTest {
  private static final String GENERATION = "generation";
  private static final Map<String, String> FILTER = Map.of("colour", "blue");
  private static final Duration HEDGE_DELAY = Duration.ofMillis(150);
  private static final Duration NEVER = Duration.ofMinutes(1);

  // Servers take two seconds to stop, so all tests share them.
  private static final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor();
  private static final ClientFactory factory = ClientFactory.builder().build();
  private static final IndexClients clients = new IndexClients(ClientAccess.NONE, factory);
  private static final FakeInstance a = new FakeInstance("A", 0);
  private static final FakeInstance b = new FakeInstance("B", 0);

  @BeforeEach
  void reset() {
    a.reset();
    b.reset();
    a.hosted = Set.of(0, 1);
    b.hosted = Set.of(0, 1, 2);
  }

  @AfterAll
  static void close() {
    FakeInstance.close(a, b);
    factory.close();
    timer.shutdownNow();
  }

  @Test
  void partitionsOfOneInstanceAreAskedInOneCall() {
    Partitions.Answers answers = ask(HEDGE_DELAY, Duration.ofSeconds(5), 0, 1, 2);
    assertThat(ids(answers)).containsExactlyInAnyOrder("A0", "A1", "B2");
    assertThat(answers.missing()).isEmpty();
    assertThat(a.asked).hasSize(1);
    assertThat(b.asked).hasSize(1);
    assertThat(a.asked.getFirst().getPartitionsList()).containsExactly(0, 1);
    assertThat(a.asked.getFirst().getGeneration()).isEqualTo(GENERATION);
    assertThat(a.asked.getFirst().getRadius()).isEqualTo(9);
    assertThat(a.asked.getFirst().getK()).isEqualTo(7);
    assertThat(a.asked.getFirst().getFilterMap()).isEqualTo(FILTER);
    assertThat(a.asked.getFirst().getTenant()).isEqualTo("shop");
    assertThat(a.asked.getFirst().getDescribe()).isTrue();
  }

  @Test
  void refusalOfTheRequestItselfReachesTheCaller() {
    a.refusing = true;
    assertThatThrownBy(() -> ask(HEDGE_DELAY, Duration.ofSeconds(5), 0, 1, 2))
        .isInstanceOf(CompletionException.class)
        .satisfies(refusal ->
            assertThat(Status.fromThrowable(refusal))
                .satisfies(status -> {
                  assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                  assertThat(status.getDescription()).isEqualTo("filter: key 'colour'");
                }));
  }

  @Test
  void standbyAnswersForAnActiveThatFails() {
    a.failing = true;
    b.standby = true;
    Partitions.Answers answers = ask(NEVER, Duration.ofSeconds(5), 0, 1);
    assertThat(ids(answers)).containsExactlyInAnyOrder("B0", "B1");
    assertThat(answers.answers().getFirst().standby())
        .containsExactly(
            StandbyAnswer.newBuilder().setPartition(0).setLag(3).build(),
            StandbyAnswer.newBuilder().setPartition(1).setLag(3).build());
  }

  @Test
  void standbyAnswersForAnActiveThatIsGone() {
    IndexInstance gone =
        IndexInstance.newBuilder().setAddress("127.0.0.1:1").addActivePartitions(0).build();
    assertThat(ids(ask(gone, NEVER, Duration.ofSeconds(5), 0))).containsExactly("B0");
  }

  @Test
  void standbyIsAskedAsWellWhenTheActiveTakesLong() {
    a.delay = Duration.ofSeconds(30);
    assertThat(ids(ask(HEDGE_DELAY, Duration.ofSeconds(10), 0, 1)))
        .containsExactlyInAnyOrder("B0", "B1");
  }

  @Test
  void activeAnswersInTheEndWhereTheStandbyCannot() {
    a.delay = HEDGE_DELAY.multipliedBy(3);
    b.failing = true;
    assertThat(ids(ask(HEDGE_DELAY, Duration.ofSeconds(10), 0, 1)))
        .containsExactlyInAnyOrder("A0", "A1");
  }

  @Test
  void partitionThatHasMovedIsAskedWhereElseItIsHosted() {
    a.hosted = Set.of(1);
    Partitions.Answers answers = ask(NEVER, Duration.ofSeconds(5), 0, 1);
    assertThat(ids(answers)).containsExactlyInAnyOrder("A1", "B0");
    assertThat(answers.missing()).isEmpty();
  }

  @Test
  void partitionsThatNobodyAnswersForAreMissing() {
    a.failing = true;
    b.failing = true;
    Partitions.Answers answers = ask(HEDGE_DELAY, Duration.ofSeconds(5), 0, 2, 7);
    assertThat(answers.answers()).isEmpty();
    assertThat(answers.missing()).containsExactlyInAnyOrder(0, 2, 7);
  }

  @Test
  void deadlineMakesTheRestMissing() {
    b.delay = Duration.ofSeconds(30);
    long start = System.nanoTime();
    Partitions.Answers answers = ask(HEDGE_DELAY, Duration.ofMillis(700), 0, 2);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(ids(answers)).containsExactly("A0");
    assertThat(answers.missing()).containsExactly(2);
  }

  @Test
  void answerThatWasCutOffSaysSo() {
    a.cutOff = true;
    assertThat(ask(NEVER, Duration.ofSeconds(5), 0).answers().getFirst().complete()).isFalse();
  }

  @Test
  void imageIsLookedUpAtTheActiveThenAtTheStandby() throws InterruptedException {
    assertThat(find()).isEqualTo("A");
    a.failing = true;
    assertThat(find()).isEqualTo("B");
    b.failing = true;
    assertThat(find(Duration.ofMillis(700)))
        .startsWith("no answer: id partition 0: ")
        .contains(a.address() + " cannot be reached", b.address() + " cannot be reached");
  }

  @Test
  void standbyThatFoundAnImageIsNamedWithItsLag() throws InterruptedException {
    a.failing = true;
    b.standby = true;
    assertThat(find()).isEqualTo("B, lag 3");
  }

  @Test
  void lookupThatTakesTooLongSaysWhichInstanceWasTooSlow() throws InterruptedException {
    a.delay = Duration.ofSeconds(30);
    b.failing = true;
    assertThat(find(Duration.ofMillis(700)))
        .contains(a.address() + " did not answer in time", b.address() + " cannot be reached");
  }

  @Test
  void activeDecidesThatAnImageIsUnknown() throws InterruptedException {
    a.knowsImages = false;
    assertThat(find()).isEqualTo("unknown");
    a.failing = true;
    b.knowsImages = false;
    // The standby may merely be behind.
    assertThat(find(Duration.ofMillis(700))).startsWith("no answer");
  }

  @Test
  void lookupGoesOnUntilSomebodyKnows() throws InterruptedException {
    a.failing = true;
    b.failing = true;
    Thread later =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(1_000);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              b.failing = false;
            });
    assertThat(find()).isEqualTo("B");
    later.join();
  }

  private static String find() throws InterruptedException {
    return find(Duration.ofSeconds(5));
  }

  private static String find(Duration limit) throws InterruptedException {
    IndexInstance active = a.active(0);
    ClusterView view =
        new ClusterView(
            List.of(
                new Instance(GENERATION, 1, 0, 0, active, true),
                new Instance(GENERATION, 1, 0, 0, b.standby(0), true)));
    return switch (new ImageLookup(clients, HEDGE_DELAY)
        .find(() -> view, new ImageId("image"), null, Deadline.after(limit))) {
      case ImageLookup.Lookup.Found(var image, var standby) ->
          image.getCode().getContentType()
              + standby.map(behind -> ", lag " + behind.getLag()).orElse("");
      case ImageLookup.Lookup.Unknown() -> "unknown";
      case ImageLookup.Lookup.NoAnswer(var reason) -> "no answer: " + reason;
    };
  }

  private static Partitions.Answers ask(
      Duration hedgeDelay, Duration limit, Integer... partitions) {
    return ask(a.active(0, 1), hedgeDelay, limit, partitions);
  }

  private static Partitions.Answers ask(
      IndexInstance first, Duration hedgeDelay, Duration limit, Integer... partitions) {
    IndexInstance hostedByB =
        IndexInstance.newBuilder()
            .setAddress(b.address())
            .addActivePartitions(2)
            .addAllStandbyPartitions(List.of(0, 1))
            .build();
    ClusterView view =
        new ClusterView(
            List.of(
                new Instance(GENERATION, 1, 0, 0, first, true),
                new Instance(GENERATION, 1, 0, 0, hostedByB, true)));
    return new HedgedPartitions(
            view,
            GENERATION,
            clients,
            new HedgedPartitions.Hedging(hedgeDelay, timer),
            Deadline.after(limit))
        .ask(
            new TreeSet<>(List.of(partitions)),
            new Query(HashCode.of(64, 1), ByteString.EMPTY, 9, 7, FILTER, "shop", null, true));
  }

  private static Stream<String> idStream(InstanceAnswer answer) {
    return answer.hits().stream().map(SearchHit::getImageId);
  }

  private static List<String> ids(Partitions.Answers answers) {
    return answers.answers().stream().flatMap(HedgedPartitionsTest::idStream).toList();
  }
}

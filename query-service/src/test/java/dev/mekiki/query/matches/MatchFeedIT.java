package dev.mekiki.query.matches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.JsonFormat;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Match;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The feed on a real topic, written by a transactional producer as the index service does.
class MatchFeedIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir static Path directory;

  private static EmbeddedBroker broker;
  private static KafkaClients kafka;
  private static KafkaProducer<byte[], byte[]> producer;
  private static int topicsMade;

  private Topics topics = Topics.withDefaultPrefix();
  private MatchFeed feed;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    QueryConfig config =
        Configuration.of(
            QueryConfig.class, Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()));
    kafka = new KafkaClients(config.kafka(), config.images());
    producer =
        new KafkaProducer<>(
            kafka.transactionalProducer("test"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
  }

  @AfterAll
  static void stopBroker() {
    producer.close();
    broker.close();
  }

  @BeforeEach
  void startFeed() {
    topics = new Topics("test%d.".formatted(topicsMade++));
    TopicProvisioner.ensure(kafka, List.of(TopicSpec.matches(topics, 3, (short) 1)));
    feed = newFeed();
  }

  @AfterEach
  void stopFeed() {
    feed.close();
  }

  @Test
  void liveSubscribersSeeWhatComes() throws Exception {
    Watcher first = subscribe(new MatchFeed.From.Now());
    Watcher second = subscribe(new MatchFeed.From.Now());
    send(0, 10);
    assertThat(first.await(10)).containsExactlyInAnyOrderElementsOf(names(0, 10));
    assertThat(second.await(10)).containsExactlyInAnyOrderElementsOf(names(0, 10));
  }

  @Test
  void whatWasAbortedIsNotSeen() throws Exception {
    Watcher watcher = subscribe(new MatchFeed.From.Now());
    producer.beginTransaction();
    sendOne("aborted");
    producer.flush();
    producer.abortTransaction();
    send(0, 5);
    assertThat(watcher.await(5)).containsExactlyInAnyOrderElementsOf(names(0, 5));
  }

  @Test
  void subscriptionFromTheBeginningRunsOnIntoThePresent() throws Exception {
    send(0, 50);
    Watcher watcher = subscribe(new MatchFeed.From.Beginning(false));
    watcher.await(50);
    send(50, 60);
    assertThat(watcher.await(60)).containsExactlyInAnyOrderElementsOf(names(0, 60));
  }

  @Test
  void subscriptionCanEndWithThePresent() throws Exception {
    send(0, 20);
    Watcher watcher = subscribe(new MatchFeed.From.Beginning(true));
    assertThat(watcher.ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(watcher.names()).containsExactlyInAnyOrderElementsOf(names(0, 20));
  }

  @Test
  void subscriptionGoesOnWhereAnEarlierOneEnded() throws Exception {
    Watcher first = subscribe(new MatchFeed.From.Now());
    send(0, 30);
    first.await(30);
    Positions after = first.events.get(11).next();
    List<String> seen = first.names().subList(0, 12);
    first.cancelled = true;

    // Through another feed as well: the positions are the topic's, not the feed's.
    feed.close();
    feed = newFeed();
    Watcher second = subscribe(new MatchFeed.From.After(after));
    send(30, 35);
    List<String> all = new ArrayList<>(seen);
    all.addAll(second.await(23));
    assertThat(all).containsExactlyInAnyOrderElementsOf(names(0, 35));
  }

  @Test
  void positionsThatTheTopicDoesNotHaveMeanNow() throws Exception {
    Watcher first = subscribe(new MatchFeed.From.Now());
    send(0, 5);
    first.await(5);
    Watcher tooFar =
        subscribe(new MatchFeed.From.After(new Positions(List.of(1_000L, 1_000L, 1_000L))));
    Watcher otherTopic = subscribe(new MatchFeed.From.After(new Positions(List.of(0L))));
    send(5, 8);
    assertThat(tooFar.await(3)).containsExactlyInAnyOrderElementsOf(names(5, 8));
    assertThat(otherTopic.await(3)).containsExactlyInAnyOrderElementsOf(names(5, 8));
  }

  @Test
  void slowWatcherMissesNothingThoughItsQueueRunsOver() throws Exception {
    Watcher watcher = new Watcher();
    CountDownLatch gate = new CountDownLatch(1);
    watcher.gate = gate;
    feed.subscribe(new MatchFeed.From.Now(), watcher);
    assertThat(watcher.begun.await(30, TimeUnit.SECONDS)).isTrue();
    // Three times what a queue holds, and the watcher takes none of it.
    send(0, 3_200);
    Watcher fast = subscribe(new MatchFeed.From.Beginning(true));
    assertThat(fast.ended.await(60, TimeUnit.SECONDS)).isTrue();
    gate.countDown();
    assertThat(watcher.await(3_200)).containsExactlyInAnyOrderElementsOf(names(0, 3_200));
  }

  @Test
  void recordThatIsNoMatchIsLeftOut() throws Exception {
    Watcher watcher = subscribe(new MatchFeed.From.Now());
    producer.beginTransaction();
    producer
        .send(
            new ProducerRecord<>(
                topics.matches(), "k".getBytes(StandardCharsets.UTF_8), new byte[] {'{', 7}))
        .get();
    producer.commitTransaction();
    send(0, 3);
    assertThat(watcher.await(3)).containsExactlyInAnyOrderElementsOf(names(0, 3));
  }

  @Test
  void closingTheFeedEndsItsSubscriptions() throws Exception {
    Watcher watcher = subscribe(new MatchFeed.From.Now());
    feed.close();
    assertThat(watcher.ended.await(10, TimeUnit.SECONDS)).isTrue();
    await().atMost(LIMIT).until(() -> feed.subscriptions() == 0);
  }

  private MatchFeed newFeed() {
    return new MatchFeed(
        () ->
            new KafkaConsumer<>(
                kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        topics.matches());
  }

  private Watcher subscribe(MatchFeed.From from) throws InterruptedException {
    Watcher watcher = new Watcher();
    feed.subscribe(from, watcher);
    assertThat(watcher.begun.await(30, TimeUnit.SECONDS)).isTrue();
    return watcher;
  }

  private void send(int from, int to) throws Exception {
    producer.beginTransaction();
    for (String name : names(from, to)) {
      sendOne(name);
    }
    producer.commitTransaction();
  }

  private void sendOne(String name) throws Exception {
    String json = JsonFormat.printer().print(Match.newBuilder().setEventId(name).build());
    var _ =
        producer.send(
            new ProducerRecord<>(
                topics.matches(),
                name.getBytes(StandardCharsets.UTF_8),
                json.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "match " + i).toList();
  }

  /// Keeps what it is sent.
  private static final class Watcher implements MatchSink {
    final List<MatchEvent> events = new CopyOnWriteArrayList<>();
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
    volatile boolean cancelled;
    volatile @Nullable CountDownLatch gate;

    List<String> names() {
      return events.stream().map(event -> event.match().getEventId()).toList();
    }

    List<String> await(int count) {
      Awaitility.await().atMost(LIMIT).until(() -> events.size() >= count);
      return names();
    }

    @Override
    public void begin(Positions start) {
      begun.countDown();
    }

    @Override
    public void send(MatchEvent event) throws InterruptedException {
      CountDownLatch closedGate = gate;
      if (closedGate != null) {
        closedGate.await();
      }
      events.add(event);
    }

    @Override
    public void idle() {
      // Nothing to keep alive.
    }

    @Override
    public void end() {
      ended.countDown();
    }

    @Override
    public void fail(Throwable cause) {
      throw new AssertionError(cause);
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }
}

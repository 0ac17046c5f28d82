package dev.mekiki.query.matches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/// The feed on a real topic.
class MatchFeedIT extends OnMatchTopic {
  @Test
  void liveSubscribersSeeWhatComes() throws Exception {
    Watcher first = subscribe(new StartFrom.Now());
    Watcher second = subscribe(new StartFrom.Now());
    send(0, 10);
    assertThat(first.await(10)).containsExactlyInAnyOrderElementsOf(names(0, 10));
    assertThat(second.await(10)).containsExactlyInAnyOrderElementsOf(names(0, 10));
  }

  @Test
  void whatWasAbortedIsNotSeen() throws Exception {
    Watcher watcher = subscribe(new StartFrom.Now());
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
    Watcher watcher = subscribe(new StartFrom.Beginning(false));
    watcher.await(50);
    send(50, 60);
    assertThat(watcher.await(60)).containsExactlyInAnyOrderElementsOf(names(0, 60));
  }

  @Test
  void subscriptionCanEndWithThePresent() throws Exception {
    send(0, 20);
    Watcher watcher = subscribe(new StartFrom.Beginning(true));
    assertThat(watcher.ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(watcher.names()).containsExactlyInAnyOrderElementsOf(names(0, 20));
  }

  @Test
  void subscriptionGoesOnWhereAnEarlierOneEnded() throws Exception {
    Watcher first = subscribe(new StartFrom.Now());
    send(0, 30);
    first.await(30);
    Positions after = first.events.get(11).next();
    List<String> seen = first.names().subList(0, 12);
    first.cancelled = true;

    // Through another feed as well: the positions are the topic's, not the feed's.
    feed.close();
    feed = newFeed();
    Watcher second = subscribe(new StartFrom.After(after, false));
    send(30, 35);
    List<String> all = new ArrayList<>(seen);
    all.addAll(second.await(23));
    assertThat(all).containsExactlyInAnyOrderElementsOf(names(0, 35));
  }

  @Test
  void subscriptionThatGoesOnCanEndWithThePresent() throws Exception {
    send(0, 20);
    Watcher first = subscribe(new StartFrom.Beginning(true));
    assertThat(first.ended.await(30, TimeUnit.SECONDS)).isTrue();

    Watcher second = subscribe(new StartFrom.After(first.events.get(11).next(), true));

    assertThat(second.ended.await(30, TimeUnit.SECONDS)).isTrue();
    List<String> all = new ArrayList<>(first.names().subList(0, 12));
    all.addAll(second.names());
    assertThat(all).containsExactlyInAnyOrderElementsOf(names(0, 20));
  }

  @Test
  void positionsThatTheTopicDoesNotHaveMeanNow() throws Exception {
    Watcher first = subscribe(new StartFrom.Now());
    send(0, 5);
    first.await(5);
    Watcher tooFar =
        subscribe(new StartFrom.After(new Positions(List.of(1_000L, 1_000L, 1_000L)), false));
    Watcher otherTopic = subscribe(new StartFrom.After(new Positions(List.of(0L)), false));
    send(5, 8);
    assertThat(tooFar.await(3)).containsExactlyInAnyOrderElementsOf(names(5, 8));
    assertThat(otherTopic.await(3)).containsExactlyInAnyOrderElementsOf(names(5, 8));
  }

  @Test
  void slowWatcherMissesNothingThoughItsQueueRunsOver() throws Exception {
    Watcher watcher = new Watcher();
    CountDownLatch gate = new CountDownLatch(1);
    watcher.gate = gate;
    feed.subscribe(new StartFrom.Now(), watcher);
    assertThat(watcher.begun.await(30, TimeUnit.SECONDS)).isTrue();
    // Three times what a queue holds, and the watcher takes none of it.
    send(0, 3_200);
    Watcher fast = subscribe(new StartFrom.Beginning(true));
    assertThat(fast.ended.await(60, TimeUnit.SECONDS)).isTrue();
    gate.countDown();
    assertThat(watcher.await(3_200)).containsExactlyInAnyOrderElementsOf(names(0, 3_200));
  }

  @Test
  void recordsThatAreNoMatchAreLeftOutAndCounted() throws Exception {
    Watcher watcher = subscribe(new StartFrom.Now());
    producer.beginTransaction();
    sendRaw(new byte[] {'{', 7});
    sendRaw(null);
    sendRaw("[1, 2]".getBytes(StandardCharsets.UTF_8));
    sendRaw("[".repeat(500_000).getBytes(StandardCharsets.UTF_8));
    sendRaw("{\"later\":".repeat(50_000).getBytes(StandardCharsets.UTF_8));
    producer.commitTransaction();
    send(0, 3);
    assertThat(watcher.await(3)).containsExactlyInAnyOrderElementsOf(names(0, 3));
    assertThat(skipped()).isEqualTo(5);

    // A subscription that reads them with its own consumer leaves them out as well.
    Watcher replay = subscribe(new StartFrom.Beginning(true));
    assertThat(replay.ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(replay.names()).containsExactlyInAnyOrderElementsOf(names(0, 3));
  }

  @Test
  void recordTooLargeForAMatchIsLeftOut() throws Exception {
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topics.matches()),
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry("max.message.bytes", "10000000"),
                        AlterConfigOp.OpType.SET))))
        .all()
        .get();
    Watcher watcher = subscribe(new StartFrom.Now());
    producer.beginTransaction();
    sendRaw("{\"eventId\":\"%s\"}".formatted("x".repeat(1 << 20)).getBytes(StandardCharsets.UTF_8));
    producer.commitTransaction();
    send(0, 3);
    assertThat(watcher.await(3)).containsExactlyInAnyOrderElementsOf(names(0, 3));
    assertThat(skipped()).isEqualTo(1);
  }

  @Test
  void liveSubscribersShareOneEventAndItsJson() throws Exception {
    Watcher first = subscribe(new StartFrom.Now());
    Watcher second = subscribe(new StartFrom.Now());
    // Both are live once they have seen this one.
    send(0, 1);
    first.await(1);
    second.await(1);
    send(1, 2);
    first.await(2);
    second.await(2);
    assertThat(first.events.get(1)).isSameAs(second.events.get(1));
    assertThat(first.events.get(1).json())
        .contains("\"eventId\":\"match 1\"", "\"codeDistance\":0")
        .isSameAs(second.events.get(1).json());
  }

  @Test
  void topicThatIsDeletedAndCreatedAgainEndsSubscriptionsAndIsReadAnew() throws Exception {
    Watcher before = subscribe(new StartFrom.Now());
    send(0, 5);
    before.await(5);

    admin.deleteTopics(List.of(topics.matches())).all().get();
    assertThat(before.failed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(before.failure)
        .isInstanceOf(MatchesUnavailableException.class)
        .hasMessageContaining(topics.matches())
        .hasMessageContaining("subscribe again");
    // Counted by the reader's thread, once it has ended the streams.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            meters
                    .counter(
                        "mekiki.service.component.failures",
                        "component",
                        "match-feed",
                        "kind",
                        "fault")
                    .count()
                > 0);
    // While there is no topic, a new subscriber waits some seconds and then hears why.
    Watcher without = new Watcher();
    feed.subscribe(new StartFrom.Now(), without);
    assertThat(without.failed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(without.failure).hasMessageContaining("it does not exist");

    TopicProvisioner.ensure(kafka, List.of(TopicSpec.matches(topics, 3, (short) 1)));
    Watcher after = subscribe(new StartFrom.Now());
    send(5, 8);
    assertThat(after.await(3)).containsExactlyInAnyOrderElementsOf(names(5, 8));
    assertThat(after.lastProblem).isNull();
  }

  @Test
  void subscriptionsBeyondTheLimitAreRefused() throws Exception {
    feed.close();
    limits = new MatchFeed.Limits(4, 1);
    feed = newFeed();
    // Once it has them, the others come too late to get them live.
    Watcher first = subscribe(new StartFrom.Now());
    send(0, 5);
    first.await(5);
    Watcher replay = new Watcher();
    CountDownLatch gate = new CountDownLatch(1);
    replay.gate = gate;
    feed.subscribe(new StartFrom.Beginning(false), replay);
    assertThatThrownBy(() -> feed.subscribe(new StartFrom.Beginning(false), new Watcher()))
        .isInstanceOf(SubscriptionRefusedException.class)
        .hasMessageContaining("1 streams read earlier matches")
        .hasMessageContaining("mekiki.query.max-replays");
    // One that goes on after a break waits for its turn instead.
    Watcher reconnected = subscribe(new StartFrom.After(new Positions(List.of(0L, 0L, 0L)), false));
    Watcher live = subscribe(new StartFrom.Now());
    assertThatThrownBy(() -> feed.subscribe(new StartFrom.Now(), new Watcher()))
        .isInstanceOf(SubscriptionRefusedException.class)
        .hasMessageContaining("4 streams are open")
        .hasMessageContaining("mekiki.query.max-streams");
    assertThat(reconnected.events).isEmpty();

    gate.countDown();
    replay.await(5);
    reconnected.await(5);
    // Once one has gone and the others have caught up, another one may start.
    live.cancelled = true;
    Watcher next = new Watcher();
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(SubscriptionRefusedException.class)
        .until(() -> {
          feed.subscribe(new StartFrom.Beginning(true), next);
          return true;
        });
    assertThat(next.ended.await(30, TimeUnit.SECONDS)).isTrue();
    await().atMost(LIMIT).until(() -> feed.subscriptions() == 3);
  }

  @Test
  void closingTheFeedEndsItsSubscriptions() throws Exception {
    Watcher watcher = subscribe(new StartFrom.Now());
    feed.close();
    assertThat(watcher.ended.await(10, TimeUnit.SECONDS)).isTrue();
    await().atMost(LIMIT).until(() -> feed.subscriptions() == 0);
  }
}

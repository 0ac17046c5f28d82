package dev.mekiki.runtime.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchDecision.Reason;
import dev.mekiki.hashing.match.MatchLevel;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.runtime.kafka.TestClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.runtime.policy.PolicyFollower.Keep;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Mute;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Decisions on real topics: they come, change, go, are poison, and the broker goes away.
class PolicyFollowerIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;
  private static KafkaClients clients;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FailureOwner failures = new FailureOwner("sample", meters);

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    clients = TestClients.of(Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void followsRecordsThatComeChangeAndGo(TestInfo test) throws Exception {
    Topics topics = created(test);
    send(topics.mutes(), "image/early", "{\"imageId\": \"early\"}");
    send(topics.mutes(), "image/gone", "{\"imageId\": \"gone\"}");
    send(topics.mutes(), "image/gone", null);
    send(topics.mutes(), "image/early", "no JSON");
    try (PolicyFollower follower = follow(topics)) {
      follower.awaitCaughtUp(LIMIT);
      PairFilter filter = follower.matchFilter(OriginFilter.DEFAULT);
      PlacedRevision a = image("a", 1);
      PlacedRevision b = image("b", 2);
      assertThat(follower.isCaughtUp()).isTrue();
      assertThat(follower.policies().isMuted(image("early", 1))).isTrue();
      assertThat(follower.policies().isMuted(image("gone", 1))).isFalse();
      assertThat(filter.reason(a, b, MatchLevel.DUPLICATE, 3)).isNull();

      VerdictId pair = new VerdictId("", a.sha256(), b.sha256());
      awaitRead(
          follower,
          topics.verdicts(),
          send(topics.verdicts(), pair.toString(), "{\"decision\": \"DISMISSED\"}"));
      assertThat(filter.reason(a, b, MatchLevel.EXACT, 0)).isEqualTo(Reason.DISMISSED);
      awaitRead(
          follower,
          topics.verdicts(),
          send(topics.verdicts(), pair.toString(), "{\"decision\": \"CONFIRMED\"}"));
      assertThat(filter.reason(a, b, MatchLevel.EXACT, 0)).isNull();

      awaitRead(
          follower, topics.tenants(), send(topics.tenants(), "", "{\"fingerprintRadius\": 2}"));
      assertThat(filter.reason(a, b, MatchLevel.DUPLICATE, 3)).isEqualTo(Reason.TENANT_THRESHOLD);
      assertThat(follower.copyFilter(OriginFilter.DEFAULT).reason(a, b, MatchLevel.DUPLICATE, 3))
          .isNull();
      awaitRead(follower, topics.tenants(), send(topics.tenants(), "", null));
      assertThat(filter.reason(a, b, MatchLevel.DUPLICATE, 3)).isNull();

      awaitRead(follower, topics.mutes(), send(topics.mutes(), "image/b", "{\"imageId\": \"b\"}"));
      assertThat(filter.reason(a, b, MatchLevel.DUPLICATE, 3)).isEqualTo(Reason.ON_MUTE_LIST);
      assertThat(follower.details().mutes())
          .extracting(Mute::getId)
          .containsExactly("image/b", "image/early");
      assertThat(leftOutPairs("dismissed")).isOne();
      assertThat(leftOutPairs("tenant-threshold")).isOne();
      assertThat(leftOutPairs("on-mute-list")).isOne();
      assertThat(meters.get("mekiki.policy.mutes").gauge().value()).isEqualTo(2);
      assertThat(meters.get("mekiki.service.records.skipped").counter().count()).isOne();
    }
  }

  @Test
  void topicThatIsCreatedAnewIsReadAnew(TestInfo test) throws Exception {
    Topics topics = created(test);
    send(topics.mutes(), "image/old", "{\"imageId\": \"old\"}");
    try (PolicyFollower follower = follow(topics);
        Admin admin = Admin.create(clients.admin())) {
      follower.awaitCaughtUp(LIMIT);
      assertThat(follower.policies().isMuted(image("old", 1))).isTrue();

      admin.deleteTopics(List.of(topics.mutes())).all().get();
      await().atMost(LIMIT).until(() -> !admin.listTopics().names().get().contains(topics.mutes()));
      TopicProvisioner.ensure(clients, TopicSpec.policy(topics, (short) 1));
      // More records than the follower had read, so that no offset is out of range.
      for (int i = 0; i < 5; i++) {
        send(topics.mutes(), "image/new" + i, "{\"imageId\": \"new%d\"}".formatted(i));
      }

      await()
          .atMost(LIMIT)
          .until(() ->
              follower.policies().isMuted(image("new0", 1))
                  && !follower.policies().isMuted(image("old", 1)));
      awaitRead(follower, topics.mutes(), send(topics.mutes(), "image/x", "{\"imageId\": \"x\"}"));
      assertThat(follower.policies().mutes()).isEqualTo(6);
    }
  }

  @Test
  void outageLeavesInForceWhatWasReadBefore(TestInfo test) throws Exception {
    Path own = directory.resolveSibling(directory.getFileName() + "-outage");
    EmbeddedBroker away = EmbeddedBroker.start(BrokerSettings.onFreePort(own));
    int port = Integer.parseInt(away.bootstrapServers().replaceFirst(".*:", ""));
    KafkaClients shared = clients;
    clients = TestClients.of(Map.of("mekiki.kafka.bootstrap-servers", away.bootstrapServers()));
    try {
      Topics topics = created(test);
      send(topics.mutes(), "image/a", "{\"imageId\": \"a\"}");
      try (PolicyFollower follower = follow(topics)) {
        follower.awaitCaughtUp(LIMIT);
        away.close();
        // Not a wait for something to happen: the length of the outage is what is tested.
        TimeUnit.SECONDS.sleep(3);
        assertThat(follower.policies().isMuted(image("a", 1))).isTrue();
        assertThat(failures.defect()).isEmpty();
        away = EmbeddedBroker.start(new BrokerSettings(own, "127.0.0.1", port));
        awaitRead(
            follower, topics.mutes(), send(topics.mutes(), "image/b", "{\"imageId\": \"b\"}"));
        assertThat(follower.policies().isMuted(image("a", 1))).isTrue();
        assertThat(follower.policies().isMuted(image("b", 1))).isTrue();
      }
    } finally {
      away.close();
      clients = shared;
    }
  }

  @Test
  void whatIsNotReadIsNamed() throws Exception {
    Topics topics = new Topics("missing.");
    TopicProvisioner.ensure(clients, TopicSpec.policy(topics, (short) 1).subList(1, 3));
    try (PolicyFollower follower = follow(topics)) {
      assertThat(follower.isCaughtUp()).isFalse();
      assertThat(follower.policies().isEmpty()).isTrue();
      assertThat(follower.details().mutes()).isEmpty();
      assertThatThrownBy(() -> follower.awaitCaughtUp(Duration.ofSeconds(1)))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("nothing was read for 1 s, missing: ")
          .hasMessageContaining("missing.mutes");
      assertThat(follower.awaitRead(topics.mutes(), 0, Duration.ofMillis(10))).isFalse();
    }
  }

  private PolicyFollower follow(Topics topics) {
    return PolicyFollower.start(
        clients, topics, failures, new SkippedRecords(meters), meters, Keep.DETAILS);
  }

  private static Topics created(TestInfo test) {
    Topics topics = new Topics(test.getTestMethod().orElseThrow().getName() + ".");
    TopicProvisioner.ensure(clients, TopicSpec.policy(topics, (short) 1));
    return topics;
  }

  private static void awaitRead(PolicyFollower follower, String topic, long offset)
      throws InterruptedException {
    assertThat(follower.awaitRead(topic, offset, LIMIT)).isTrue();
  }

  private static long send(String topic, String key, @Nullable String value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            new HashMap<>(clients.producer()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      return producer
          .send(
              new ProducerRecord<>(
                  topic, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8)))
          .get()
          .offset();
    }
  }

  private double leftOutPairs(String reason) {
    return meters.get("mekiki.match.pairs.left.out").tag("reason", reason).counter().count();
  }

  private static PlacedRevision image(String id, int bytes) {
    return new PlacedRevision(
        id,
        new Revision("images", 0, 0),
        HashCode.of(64, 0L),
        new Fingerprint(HashCode.fromHex("00".repeat(32)), 100),
        new Sha256(bytes, 0, 0, 0),
        0,
        0,
        false);
  }
}

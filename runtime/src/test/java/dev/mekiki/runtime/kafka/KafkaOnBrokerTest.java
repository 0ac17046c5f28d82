package dev.mekiki.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class KafkaOnBrokerTest {
  @TempDir static Path directory;
  private static EmbeddedBroker broker;
  private static KafkaClients clients;

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
  void probeAnswersTheClusterId() {
    assertThat(BrokerProbe.probe(clients)).isEqualTo(broker.clusterId());
  }

  @Test
  void missingTopicsAreCreatedAndEqualOnesAccepted(TestInfo test) {
    Topics topics = topics(test);
    List<TopicSpec> specs =
        List.of(
            TopicSpec.images(topics, 2, (short) 1, 1 << 20),
            TopicSpec.imagesDlq(topics, 2, (short) 1, 1 << 20),
            TopicSpec.imageCodes(topics, "0123456789abcdef", 2, (short) 1),
            TopicSpec.codePlacements(topics, "0123456789abcdef", 0, 3, (short) 1),
            TopicSpec.matches(topics, 2, (short) 1),
            TopicSpec.generations(topics, (short) 1));
    TopicProvisioner.ensure(clients, specs);
    TopicProvisioner.ensure(clients, specs);
  }

  @Test
  void topicThatDiffersIsRefusedNamingWhatDiffers(TestInfo test) {
    Topics topics = topics(test);
    TopicProvisioner.ensure(clients, List.of(TopicSpec.images(topics, 2, (short) 1, 1 << 20)));
    assertThatThrownBy(() ->
            TopicProvisioner.ensure(
                clients, List.of(TopicSpec.images(topics, 4, (short) 1, 2 << 20))))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(topics.images() + " has 2 partitions (expected: 4)")
        .hasMessageContaining("max.message.bytes=1310720 (expected: at least 2359296)");
  }

  @Test
  void topicForSmallerImagesIsAcceptedWhereItTakesLarger(TestInfo test) {
    Topics topics = topics(test);
    TopicProvisioner.ensure(clients, List.of(TopicSpec.images(topics, 2, (short) 1, 2 << 20)));
    TopicProvisioner.ensure(clients, List.of(TopicSpec.images(topics, 2, (short) 1, 1 << 20)));
  }

  @Test
  void moreCopiesThanBrokersIsExplained(TestInfo test) {
    assertThatThrownBy(() ->
            TopicProvisioner.ensure(
                clients, List.of(TopicSpec.matches(topics(test), 1, (short) 3))))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("cannot be created")
        .hasMessageContaining("replication factor");
  }

  private static Topics topics(TestInfo test) {
    return new Topics(test.getTestMethod().orElseThrow().getName() + ".");
  }
}

package dev.mekiki.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class EmbeddedBrokerTest {
  @TempDir Path directory;

  @Test
  void dataAndClusterIdSurviveARestart() throws Exception {
    String clusterId;
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory))) {
      clusterId = broker.clusterId();
      try (Admin admin = admin(broker)) {
        admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get(10, SECONDS);
        assertThat(admin.describeCluster().clusterId().get(10, SECONDS)).isEqualTo(clusterId);
      }
      try (var producer =
          new KafkaProducer<>(
              Map.<String, Object>of(
                  "bootstrap.servers", broker.bootstrapServers(), "transactional.id", "t"),
              new StringSerializer(),
              new StringSerializer())) {
        producer.initTransactions();
        producer.beginTransaction();
        var _ = producer.send(new ProducerRecord<>("kept", "key", "value"));
        producer.commitTransaction();
      }
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory))) {
      assertThat(broker.clusterId()).isEqualTo(clusterId);
      assertThat(firstValue(broker, "kept")).contains("value");
    }
  }

  @Test
  void aBrokerThatIsOpenToTheNetworkWarnsAndNamesWhatIsOpen() {
    List<ILoggingEvent> warnings = warningsOf(new BrokerSettings(directory, "0.0.0.0", 0));
    assertThat(warnings)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .asString()
        .contains("anyone who reaches it may read, write and delete all topics, unencrypted")
        .contains("host=0.0.0.0");
  }

  @Test
  void aBrokerOnLoopbackDoesNotWarn() {
    assertThat(warningsOf(BrokerSettings.onFreePort(directory))).isEmpty();
  }

  private static List<ILoggingEvent> warningsOf(BrokerSettings settings) {
    Logger log = (Logger) LoggerFactory.getLogger(EmbeddedBroker.class);
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    events.start();
    log.addAppender(events);
    try (EmbeddedBroker _ = EmbeddedBroker.start(settings)) {
      return events.list.stream().filter(event -> event.getLevel() == Level.WARN).toList();
    } finally {
      log.detachAppender(events);
    }
  }

  @Test
  void clientsOfEachPortGetItsOwnAddress() throws Exception {
    int port = freePort();
    int external = freePort();
    BrokerSettings settings =
        new BrokerSettings(directory, "0.0.0.0", port)
            .advertising(
                new BrokerSettings.Endpoint("127.0.0.1", port),
                new BrokerSettings.External(
                    external, new BrokerSettings.Endpoint("localhost", external)));
    try (EmbeddedBroker broker = EmbeddedBroker.start(settings);
        Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + external))) {
      assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      assertThat(admin.describeCluster().nodes().get(10, SECONDS))
          .allSatisfy(node -> {
            assertThat(node.host()).isEqualTo("localhost");
            assertThat(node.port()).isEqualTo(external);
          });
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void secondBrokerOnTheSameDirectoryIsRefused() {
    BrokerSettings settings = BrokerSettings.onFreePort(directory);
    try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(settings))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("in use");
      assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
    }
  }

  @Test
  void portInUseIsRefused() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(
              () -> EmbeddedBroker.start(new BrokerSettings(directory, "127.0.0.1", port)))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining("127.0.0.1:" + port);
    }
  }

  @Test
  void directoryThatCannotBeMadeIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> EmbeddedBroker.start(BrokerSettings.onFreePort(file.resolve("data"))))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining(file.toString());
  }

  private static final TimeUnit SECONDS = TimeUnit.SECONDS;

  private static Admin admin(EmbeddedBroker broker) {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static Optional<String> firstValue(EmbeddedBroker broker, String topic) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      for (var record : consumer.poll(Duration.ofSeconds(10))) {
        return Optional.of(record.value());
      }
      return Optional.empty();
    }
  }
}

package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.launcher.center.TopicCodes;
import dev.mekiki.launcher.command.MekikiCommand;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ImageCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Codes read from a broker, in topics of this test's own.
@TestInstance(Lifecycle.PER_CLASS)
class TopicCodesIT {
  @TempDir private static Path directory;

  private EmbeddedBroker broker;
  private final Bundle bundle = Bundle.builtIn();

  @BeforeAll
  void start() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
  }

  @AfterAll
  void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void theLatestCodeOfEachImageIsReadWhateverTheTransactions() throws Exception {
    Topics topics = topics("latest.", true);
    send(topics, true, "a", code(1), "b", code(2), "c", code(3), "a", code(4), "b", null);
    send(topics, false, "d", code(5), "c", code(6));

    assertThat(TopicCodes.read(clients(), topics, bundle, (done, total) -> {}))
        .containsExactlyInAnyOrder(code(4), code(3));
  }

  @Test
  void aTopicOfTombstonesHasNoCodes() throws Exception {
    Topics topics = topics("deleted.", true);
    send(topics, true, "a", code(1), "a", null);

    assertThatThrownBy(() -> TopicCodes.read(clients(), topics, bundle, (done, total) -> {}))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("no codes");
  }

  @Test
  void codesOfAnotherNetworkAreTold() throws Exception {
    Topics topics = topics("other.", false);
    String other = topics.imageCodes("0123456789abcdef");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(other, 1, (short) 1))).all().get();
    }

    assertThatThrownBy(() -> TopicCodes.read(clients(), topics, bundle, (done, total) -> {}))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(topics.imageCodes(bundle.networkId()) + " at ")
        .hasMessageContaining("there are: " + other);
  }

  @Test
  void theCommandFitsCentersToThem() throws Exception {
    Topics topics = topics("command.", true);
    Random random = new Random(1);
    List<@Nullable Object> records = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      records.add("id-" + i);
      records.add(HashCode.of(64, random.nextLong()));
    }
    send(topics, true, records.toArray());
    Path out = directory.resolve("out.mekiki");
    int exitCode =
        MekikiCommand.commandLine()
            .execute(
                "centers",
                "fit",
                "built-in",
                "--topic",
                "--bootstrap",
                broker.bootstrapServers(),
                "--set",
                "mekiki.topics.prefix=" + topics.prefix(),
                "--count",
                "10",
                "--out",
                out.toString());

    assertThat(exitCode).isZero();
    assertThat(Bundle.read(out).centers().size()).isEqualTo(10);
    assertThat(Bundle.read(out).manifest().training().settings())
        .containsEntry("centers", "fitted to 200 codes, seed 1");
  }

  private static HashCode code(long word) {
    return HashCode.of(64, word);
  }

  private KafkaClients clients() {
    EncoderConfig config =
        InProcess.configurations(
                Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()))
            .load(Map.of(), Map.of())
            .get(EncoderConfig.class);
    return new KafkaClients(config.kafka(), config.images());
  }

  private Topics topics(String prefix, boolean create) throws Exception {
    Topics topics = new Topics(prefix);
    if (create) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        admin
            .createTopics(
                List.of(new NewTopic(topics.imageCodes(bundle.networkId()), 2, (short) 1)))
            .all()
            .get();
      }
    }
    return topics;
  }

  /// Sends ids and codes by turns in one transaction; null deletes.
  private void send(Topics topics, boolean commit, @Nullable Object... idsAndCodes) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "transactional.id",
                topics.prefix() + commit),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = 0; i < idsAndCodes.length; i += 2) {
        byte @Nullable [] value =
            idsAndCodes[i + 1] instanceof HashCode code
                ? ImageCode.newBuilder()
                    .setHashCode(ByteString.copyFrom(code.toBytes()))
                    .setNetwork(bundle.networkId())
                    .build()
                    .toByteArray()
                : null;
        var _ =
            producer.send(
                new ProducerRecord<>(
                    topics.imageCodes(bundle.networkId()),
                    String.valueOf(idsAndCodes[i]).getBytes(StandardCharsets.UTF_8),
                    value));
      }
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.flush();
        producer.abortTransaction();
      }
    }
  }
}

package dev.mekiki.launcher.endtoend;

import com.linecorp.armeria.common.TlsKeyPair;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/// A broker as others run it: clients come in by TLS and with a password (SCRAM), or not at all. Of
/// Kafka's own classes alone, for Mekiki's broker has no passwords.
final class SecuredBroker implements AutoCloseable {
  static final String MECHANISM = "SCRAM-SHA-512";
  static final String USER = "mekiki";
  static final String PASSWORD = "a-password-of-the-test";

  private static final String NODE = "1";
  private static final String LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule";

  private final KafkaRaftServer server;
  private final String bootstrapServers;
  private final Path certificate;

  /// Starts it on free ports, with a certificate of its own.
  SecuredBroker(Path directory) throws Exception {
    TlsKeyPair pair = TlsKeyPair.ofSelfSigned("localhost");
    String chain = TestPem.text("CERTIFICATE", pair.certificateChain().getFirst().getEncoded());
    String key = TestPem.text("PRIVATE KEY", pair.privateKey().getEncoded());
    certificate = Files.writeString(directory.resolve("kafka.pem"), chain);
    Path store = Files.writeString(directory.resolve("kafka-key.pem"), key + chain);
    Path logs = directory.resolve("log");
    format(logs);
    int port = KillIT.freePort();
    bootstrapServers = "localhost:" + port;
    server =
        new KafkaRaftServer(
            new KafkaConfig(properties(logs, port, KillIT.freePort(), store), false), Time.SYSTEM);
    server.startup();
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  /// PEM file with the certificate that it shows, which vouches for itself.
  Path certificate() {
    return certificate;
  }

  /// The value of `sasl.jaas.config` for a client with this password.
  static String login(String password) {
    return "%s required username=\"%s\" password=\"%s\";".formatted(LOGIN, USER, password);
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static void format(Path logs) throws Exception {
    Files.createDirectories(logs);
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setNodeId(Integer.parseInt(NODE))
        .setClusterId(Uuid.randomUuid().toString())
        .setControllerListenerName("CONTROLLER")
        .setDirectories(List.of(logs.toString()))
        .setMetadataLogDirectory(logs.toString())
        .setScramArguments(List.of("%s=[name=%s,password=%s]".formatted(MECHANISM, USER, PASSWORD)))
        .run();
  }

  private static Map<String, String> properties(Path logs, int port, int controllerPort, Path store)
      throws IOException {
    Map<String, String> properties = new HashMap<>();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", NODE);
    properties.put(
        "listeners",
        "SECURED://localhost:%d,INTERNAL://localhost:%d,CONTROLLER://localhost:%d"
            .formatted(port, KillIT.freePort(), controllerPort));
    properties.put(
        "listener.security.protocol.map",
        "SECURED:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("inter.broker.listener.name", "INTERNAL");
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("controller.quorum.voters", NODE + "@localhost:" + controllerPort);
    properties.put("log.dirs", logs.toString());
    properties.put("listener.name.secured.sasl.enabled.mechanisms", MECHANISM);
    properties.put("listener.name.secured.scram-sha-512.sasl.jaas.config", LOGIN + " required;");
    properties.put("listener.name.secured.ssl.keystore.type", "PEM");
    properties.put("listener.name.secured.ssl.keystore.location", store.toString());
    properties.put("auto.create.topics.enable", "false");
    for (String topic : List.of("offsets.topic", "transaction.state.log")) {
      properties.put(topic + ".replication.factor", "1");
      properties.put(topic + ".num.partitions", "2");
    }
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("message.max.bytes", Integer.toString(64 << 20));
    properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
    return properties;
  }
}

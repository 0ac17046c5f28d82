package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/// Directory and settings of one of several brokers, set as `docker/compose.cluster.yaml` sets its
/// own: every record on three of them, and on two before it counts as written.
final class BrokerFiles {
  private static final String CONTROLLER = "CONTROLLER";
  private static final String CLIENT = "PLAINTEXT";
  private static final int REPLICATION = 3;
  private static final int LARGEST_RECORD = 64 << 20;

  private BrokerFiles() {}

  /// Formats the directory of a broker and writes its settings.
  ///
  /// @param id its node id, from 1 on
  /// @param controllerPorts of all brokers, by id
  /// @return the properties file to start it with
  static Path write(
      Path directory, String clusterId, int id, int clientPort, List<Integer> controllerPorts)
      throws IOException {
    Path logs = directory.resolve("log");
    Files.createDirectories(logs);
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setNodeId(id)
          .setClusterId(clusterId)
          .setControllerListenerName(CONTROLLER)
          .setDirectories(List.of(logs.toString()))
          .setMetadataLogDirectory(logs.toString())
          .run();
    } catch (Exception e) {
      throw new IOException("'%s' cannot be formatted".formatted(logs), e);
    }
    Path file = directory.resolve("server.properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      settings(logs, id, clientPort, controllerPorts).store(writer, null);
    }
    return file;
  }

  private static Properties settings(
      Path logs, int id, int clientPort, List<Integer> controllerPorts) {
    Properties settings = new Properties();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(id));
    settings.put(
        "listeners",
        "%s://127.0.0.1:%d,%s://127.0.0.1:%d"
            .formatted(CLIENT, clientPort, CONTROLLER, controllerPorts.get(id - 1)));
    settings.put(
        "listener.security.protocol.map", CLIENT + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    settings.put("inter.broker.listener.name", CLIENT);
    settings.put("controller.listener.names", CONTROLLER);
    settings.put(
        "controller.quorum.voters",
        IntStream.range(0, controllerPorts.size())
            .mapToObj(i -> "%d@127.0.0.1:%d".formatted(i + 1, controllerPorts.get(i)))
            .collect(Collectors.joining(",")));
    settings.put("log.dirs", logs.toString());
    settings.put("auto.create.topics.enable", "false");

    settings.put("default.replication.factor", Integer.toString(REPLICATION));
    settings.put("min.insync.replicas", "2");
    settings.put("transaction.state.log.min.isr", "2");
    for (String topic : List.of("offsets.topic", "transaction.state.log")) {
      settings.put(topic + ".replication.factor", Integer.toString(REPLICATION));
      // Each takes time to move from a broker that is gone.
      settings.put(topic + ".num.partitions", "6");
    }
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
    settings.put("group.min.session.timeout.ms", "1000");
    settings.put("group.initial.rebalance.delay.ms", "0");

    settings.put("message.max.bytes", Integer.toString(LARGEST_RECORD));
    settings.put("replica.fetch.max.bytes", Integer.toString(LARGEST_RECORD));
    settings.put("replica.fetch.response.max.bytes", Integer.toString(LARGEST_RECORD));
    settings.put("socket.request.max.bytes", Integer.toString(2 * LARGEST_RECORD));
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
    return settings;
  }
}

package dev.mekiki.broker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Kafka's settings for an embedded broker.
final class BrokerProperties {
  private BrokerProperties() {}

  /// @param logs the directory of the logs
  static Map<String, String> of(BrokerSettings settings, Path logs) {
    Map<String, String> properties = new HashMap<>();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(EmbeddedBroker.NODE_ID));
    properties.putAll(listeners(settings));
    properties.put("inter.broker.listener.name", EmbeddedBroker.CLIENT_LISTENER);
    properties.put("controller.listener.names", EmbeddedBroker.CONTROLLER_LISTENER);
    // The port is replaced by the one bound, see the future of voters.
    properties.put(
        "controller.quorum.voters", EmbeddedBroker.NODE_ID + "@" + EmbeddedBroker.LOOPBACK + ":0");
    properties.put("log.dirs", logs.toString());

    // One node: one copy of Kafka's own topics, few partitions, which are slow to load at a start.
    for (String topic : List.of("offsets.topic", "transaction.state.log")) {
      properties.put(topic + ".replication.factor", "1");
      properties.put(topic + ".num.partitions", "8");
    }
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("share.coordinator.state.topic.num.partitions", "1");
    properties.put("auto.create.topics.enable", "false");

    // A dead process's open transaction blocks read-committed readers: end it soon.
    properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
    properties.put("group.min.session.timeout.ms", "1000");
    properties.put("group.initial.rebalance.delay.ms", "0");

    int maxRecordBytes = settings.maxRecordBytes();
    properties.put("message.max.bytes", Integer.toString(maxRecordBytes));
    properties.put("replica.fetch.max.bytes", Integer.toString(maxRecordBytes));
    properties.put("replica.fetch.response.max.bytes", Integer.toString(maxRecordBytes));
    properties.put(
        "socket.request.max.bytes", Integer.toString(Math.max(100 << 20, 2 * maxRecordBytes)));

    // One process with everything in it: no 128 MiB of heap for the log cleaner, fewer threads.
    properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    properties.put("background.threads", "4");
    return properties;
  }

  private static Map<String, String> listeners(BrokerSettings settings) {
    String host = BrokerSettings.literal(settings.host());
    List<String> bound = new ArrayList<>();
    List<String> advertised = new ArrayList<>();
    List<String> protocols = new ArrayList<>();
    bound.add("%s://%s:%d".formatted(EmbeddedBroker.CLIENT_LISTENER, host, settings.port()));
    // Kafka puts the bound port in the place of 0.
    advertised.add(
        EmbeddedBroker.CLIENT_LISTENER
            + "://"
            + settings
                .advertised()
                .map(BrokerSettings.Endpoint::address)
                .orElseGet(() -> advertised(settings, settings.port())));
    protocols.add(EmbeddedBroker.CLIENT_LISTENER + ":PLAINTEXT");
    settings
        .external()
        .ifPresent(external -> {
          bound.add(
              "%s://%s:%d".formatted(EmbeddedBroker.EXTERNAL_LISTENER, host, external.port()));
          advertised.add(
              EmbeddedBroker.EXTERNAL_LISTENER + "://" + external.advertised().address());
          protocols.add(EmbeddedBroker.EXTERNAL_LISTENER + ":PLAINTEXT");
        });
    bound.add("%s://%s:0".formatted(EmbeddedBroker.CONTROLLER_LISTENER, EmbeddedBroker.LOOPBACK));
    protocols.add(EmbeddedBroker.CONTROLLER_LISTENER + ":PLAINTEXT");
    return Map.of(
        "listeners", String.join(",", bound),
        "advertised.listeners", String.join(",", advertised),
        "listener.security.protocol.map", String.join(",", protocols));
  }

  /// host:port for clients that are given no other address. Nobody can connect to every address of
  /// a machine: the machine's name stands for it.
  ///
  /// @param port the port that was bound
  static String advertised(BrokerSettings settings, int port) {
    return BrokerSettings.literal(advertisedHost(settings.host())) + ":" + port;
  }

  private static String advertisedHost(String host) {
    try {
      return InetAddress.getByName(host).isAnyLocalAddress()
          ? InetAddress.getLocalHost().getHostName()
          : host;
    } catch (UnknownHostException e) {
      return host;
    }
  }
}

package dev.mekiki.launcher.doctor;

import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.KafkaInspection;
import dev.mekiki.runtime.kafka.KafkaInspection.TopicState;
import dev.mekiki.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.server.common.MetadataVersion;

/// The broker, its topics and its clock.
final class KafkaChecks {
  private static final String BROKER = "broker";
  private static final String TOPICS = "topics";
  private static final String CLOCK = "clock";

  /// Expiries and windows of floods are by the time of records.
  private static final Duration CLOCK_OFF = Duration.ofSeconds(1);

  private static final Duration CLOCK_WRONG = Duration.ofMinutes(1);

  private KafkaChecks() {}

  /// @param specs what topics should be like
  static List<Finding> of(KafkaClients clients, List<TopicSpec> specs) {
    List<Finding> findings = new ArrayList<>();
    try {
      String cluster = BrokerProbe.probe(clients);
      try (KafkaInspection kafka = KafkaInspection.open(clients)) {
        findings.add(broker(kafka, clients.bootstrapServers(), cluster));
        findings.addAll(topics(kafka, specs));
        findings.add(clock(kafka));
      }
    } catch (StartException e) {
      findings.add(
          Finding.fail(
              BROKER,
              String.valueOf(e.getMessage()),
              "start the broker, or name it with --bootstrap; topics and clock were not looked at"));
    } catch (KafkaException e) {
      findings.add(Finding.fail(BROKER, String.valueOf(e.getMessage()), "look into its log"));
    }
    return findings;
  }

  private static Finding broker(KafkaInspection kafka, String address, String cluster) {
    try {
      int brokers = kafka.brokers();
      Optional<Short> level = kafka.metadataVersion();
      if (level.isEmpty()) {
        return Finding.warn(
            BROKER,
            "%d at %s, cluster %s, which does not say its version"
                .formatted(brokers, address, cluster),
            "Kafka 4.0 or later in KRaft mode");
      }
      return Finding.ok(
          BROKER,
          "%d at %s, cluster %s, Kafka %s"
              .formatted(brokers, address, cluster, kafkaOf(level.get())));
    } catch (ExecutionException e) {
      return refused(BROKER, e);
    }
  }

  private static String kafkaOf(short level) {
    try {
      return MetadataVersion.fromFeatureLevel(level).shortVersion() + " by its metadata.version";
    } catch (IllegalArgumentException e) {
      return "later than %s by its metadata.version"
          .formatted(MetadataVersion.latestProduction().shortVersion());
    }
  }

  private static List<Finding> topics(KafkaInspection kafka, List<TopicSpec> specs) {
    List<TopicState> states;
    try {
      states = kafka.topics(specs);
    } catch (ExecutionException e) {
      return List.of(refused(TOPICS, e));
    }
    List<Finding> findings = new ArrayList<>();
    List<String> missing =
        states.stream().filter(state -> !state.present()).map(TopicState::name).toList();
    if (!missing.isEmpty()) {
      findings.add(
          Finding.warn(
              TOPICS,
              "missing: " + String.join(", ", missing),
              "none, where no service has run yet: they create what they need; else look at"
                  + " mekiki.topics.prefix and --bootstrap"));
    }
    for (TopicState state : states) {
      for (String difference : state.differences()) {
        findings.add(
            Finding.fail(
                TOPICS,
                difference,
                "kafka-configs or kafka-topics on the broker, or the same mekiki.topics.* that the"
                    + " topics were made with"));
      }
      if (state.offline() > 0) {
        findings.add(
            Finding.fail(
                TOPICS,
                "%s has %d partitions without a leader".formatted(state.name(), state.offline()),
                "start the brokers that hold them"));
      } else if (state.underReplicated() > 0) {
        findings.add(
            Finding.warn(
                TOPICS,
                "%s has %d partitions of which a copy is behind"
                    .formatted(state.name(), state.underReplicated()),
                "wait, or look for a broker that is away"));
      }
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok(TOPICS, "%d are as they should be".formatted(states.size())));
    }
    return findings;
  }

  private static Finding clock(KafkaInspection kafka) {
    try {
      return kafka
          .clockOffset()
          .map(KafkaChecks::clock)
          .orElseGet(() ->
              Finding.warn(
                  CLOCK,
                  "the broker does not say its time",
                  "compare the clocks of the machines yourself"));
    } catch (ExecutionException e) {
      return refused(CLOCK, e);
    }
  }

  static Finding clock(Duration offset) {
    String message =
        "Kafka's is %,d ms %s that of this machine"
            .formatted(offset.abs().toMillis(), offset.isNegative() ? "behind" : "ahead of");
    String remedy = "run an NTP client, such as chrony, on every machine";
    if (offset.abs().compareTo(CLOCK_WRONG) > 0) {
      return Finding.fail(CLOCK, message, remedy);
    }
    return offset.abs().compareTo(CLOCK_OFF) > 0
        ? Finding.warn(CLOCK, message, remedy)
        : Finding.ok(CLOCK, message);
  }

  private static Finding refused(String check, ExecutionException e) {
    return Finding.warn(
        check,
        "cannot be looked at: " + KafkaInspection.reason(e),
        "let this client describe the cluster, its topics and their settings, where Kafka has ACLs");
  }
}

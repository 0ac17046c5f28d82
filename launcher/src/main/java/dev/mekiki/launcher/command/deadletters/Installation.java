package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.launcher.command.options.GlobalOptions;
import dev.mekiki.launcher.command.options.KafkaOption;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.deadletter.DeadLetterReader;
import dev.mekiki.runtime.deadletter.DeadLetterWriter;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.Topics;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Mixin;

/// The installation whose dead letters a command is about: its Kafka and its topics.
final class Installation {
  @Mixin private GlobalOptions configuration;
  @Mixin private KafkaOption kafka;

  /// What a command does.
  interface Work {
    int run(Opened installation) throws Exception;
  }

  /// An installation whose Kafka answers.
  record Opened(KafkaClients clients, Topics topics, short replication) {
    DeadLetterReader reader() {
      return DeadLetterReader.open(clients, topics);
    }

    DeadLetterWriter writer(String author) {
      return DeadLetterWriter.open(clients, topics, replication, author);
    }
  }

  /// Does a command's work.
  ///
  /// @return the exit code
  /// @throws StartException where Kafka is not there, or fails meanwhile
  int run(Work work) throws Exception {
    Logs.toConsole();
    EncoderConfig config =
        configuration.with(kafka.options()).load(Map.of(), Map.of()).get(EncoderConfig.class);
    KafkaClients clients = new KafkaClients(config.kafka(), config.images());
    BrokerProbe.probe(clients);
    try {
      return work.run(new Opened(clients, config.topics().names(), config.topics().replication()));
    } catch (KafkaException e) {
      throw new StartException(
          "Kafka at %s: %s".formatted(clients.bootstrapServers(), BoundedText.message(e)), e);
    }
  }
}

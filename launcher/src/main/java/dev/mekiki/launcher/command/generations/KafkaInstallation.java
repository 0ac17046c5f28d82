package dev.mekiki.launcher.command.generations;

import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.index.generations.GenerationIndexes;
import dev.mekiki.launcher.command.options.GlobalOptions;
import dev.mekiki.launcher.command.options.KafkaOption;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.GenerationChanges;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.Topics;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Mixin;

/// The installation whose generations a command is about.
final class KafkaInstallation {
  @Mixin private GlobalOptions configuration;
  @Mixin private KafkaOption kafka;

  /// What a command does.
  interface Work {
    int run(Opened installation) throws Exception;
  }

  /// An installation whose Kafka answers.
  ///
  /// @param partitions of a generation, as configured
  record Opened(KafkaClients clients, Topics topics, int partitions) {
    GenerationRegistry registry() {
      return new GenerationRegistry(clients, topics);
    }

    GenerationChanges changes() {
      return new GenerationChanges(clients, topics);
    }

    GenerationIndexes indexes() {
      return new GenerationIndexes(clients, topics);
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
    String _ = BrokerProbe.probe(clients);
    try {
      return work.run(
          new Opened(clients, config.topics().names(), config.generation().partitions()));
    } catch (KafkaException e) {
      throw new StartException(
          "Kafka at %s: %s".formatted(clients.bootstrapServers(), BoundedText.message(e)), e);
    }
  }
}

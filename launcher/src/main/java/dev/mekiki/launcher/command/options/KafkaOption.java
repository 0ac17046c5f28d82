package dev.mekiki.launcher.command.options;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The Kafka that a single service works on.
public final class KafkaOption {
  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description =
          "Kafka; short for --set mekiki.kafka.bootstrap-servers=... (default: localhost:9092).")
  private @Nullable String bootstrap;

  public Map<String, String> options() {
    return bootstrap == null ? Map.of() : Map.of("mekiki.kafka.bootstrap-servers", bootstrap);
  }
}

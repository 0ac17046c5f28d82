package dev.mekiki.launcher.command.services;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.launcher.command.options.BrokerConfig;
import dev.mekiki.launcher.command.options.GlobalOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "broker",
    description = "Run one Kafka broker: for trying out, one copy of everything.",
    footer = {"", "Example:", "  mekiki broker --data /var/lib/mekiki-broker --port 9092"})
public final class BrokerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions configuration;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where topics are kept (default: .mekiki/broker, as `mekiki up` does).")
  private @Nullable String data;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Where to listen (default: 127.0.0.1).")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where to listen (default: 9092; 0: a free port).")
  private @Nullable String port;

  @Override
  public Integer call() throws InterruptedException {
    BrokerSettings settings =
        configuration
            .with(options())
            .load(Map.of(), Map.of())
            .get(BrokerConfig.class)
            .broker()
            .settings();
    return SingleService.run(
        spec,
        parts ->
            new SingleService.Running(
                parts.add(EmbeddedBroker.start(settings)).bootstrapServers(),
                SingleService.never()));
  }

  private Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    put(options, "mekiki.broker.data-dir", data);
    put(options, "mekiki.broker.host", host);
    put(options, "mekiki.broker.port", port);
    return options;
  }

  private static void put(Map<String, String> options, String key, @Nullable String value) {
    if (value != null) {
      options.put(key, value);
    }
  }
}

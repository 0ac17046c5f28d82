package dev.mekiki.launcher.command;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.launcher.allinone.AllInOneSettings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "broker",
    description = "Run one Kafka broker: for trying out, one copy of everything.",
    footer = {"", "Example:", "  mekiki broker --data /var/lib/mekiki-broker --port 9092"})
final class BrokerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where topics are kept (default: ${DEFAULT-VALUE}, as `mekiki up` does).")
  private Path data = Path.of(".mekiki", "broker");

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Where to listen, and what clients are told (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where to listen (default: ${DEFAULT-VALUE}; 0: a free port).")
  private int port = AllInOneSettings.BROKER_PORT;

  @Override
  public Integer call() throws InterruptedException {
    return SingleService.run(
        spec,
        parts ->
            new SingleService.Running(
                parts
                    .add(EmbeddedBroker.start(new BrokerSettings(data, host, port)))
                    .bootstrapServers(),
                SingleService.never()));
  }
}

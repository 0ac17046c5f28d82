package dev.mekiki.launcher.command.services;

import dev.mekiki.launcher.allinone.AllInOne;
import dev.mekiki.launcher.allinone.AllInOneSettings;
import dev.mekiki.launcher.command.options.AccessOption;
import dev.mekiki.launcher.command.options.GlobalOptions;
import dev.mekiki.launcher.command.options.MatchOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.launcher.process.ClassArchive;
import dev.mekiki.launcher.process.Closing;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.launcher.process.ProcessClock;
import dev.mekiki.runtime.StartException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
    name = "up",
    description = "Run everything in one process, state kept in a directory, until Ctrl-C.",
    footer = {
      "",
      "Logs go to DIR/mekiki.log.",
      "",
      "Examples:",
      "  mekiki up",
      "  mekiki up --data /var/lib/mekiki --bootstrap kafka-1:9092",
      "  mekiki up --set mekiki.query.host=0.0.0.0 --token-file /etc/mekiki/token"
    })
public final class UpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions configuration;
  @Mixin private AccessOption access;
  @Mixin private MatchOption match;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".mekiki",
      description = "Where state is kept (default: ${DEFAULT-VALUE} in the current directory).")
  private Path data = Path.of(".mekiki");

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Use this Kafka instead of an embedded broker.")
  private @Nullable String bootstrap;

  @Option(
      names = "--broker-port",
      paramLabel = "PORT",
      description =
          "Where the embedded broker listens (default: ${DEFAULT-VALUE}; 0: a free port).")
  private int brokerPort = AllInOneSettings.BROKER_PORT;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where the page and the API listen (default: 8080; 0: a free port).")
  private @Nullable Integer port;

  @Option(
      names = "--reindex",
      description =
          "Where DIR was made with another network, center table or partition count, or the index was "
              + "stopped for too long: make the index again from the topics.")
  private boolean reindex;

  @Override
  public Integer call() throws InterruptedException {
    Logs.toFile(data.resolve("mekiki.log"));
    Map<String, String> options = new HashMap<>(access.options());
    options.putAll(match.options());
    if (bootstrap != null) {
      options.put("mekiki.kafka.bootstrap-servers", bootstrap);
    }
    if (port != null) {
      options.put("mekiki.query.port", port.toString());
    }
    if (reindex) {
      options.put("mekiki.generation.reindex", "true");
      options.put("mekiki.index.reindex", "true");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Closing parts = Closing.atExit()) {
      ClassArchive archive = parts.add(ClassArchive.ofThisProcess());
      AllInOne mekiki =
          AllInOne.start(
              configuration.with(options), new AllInOneSettings(data, brokerPort, Map.of()), parts);
      new Table()
          .row("page and API", mekiki.page())
          .row("Kafka", mekiki.bootstrapServers())
          .row("data", data.toAbsolutePath().normalize())
          .print(out);
      out.printf("ready after %.1f s; Ctrl-C ends it%n", ProcessClock.seconds());
      out.flush();
      archive.wasReady();
      throw new StartException(
          "a part failed: %s (details: %s)"
              .formatted(Closing.awaitFailure(mekiki.failure()), data.resolve("mekiki.log")));
    }
  }
}

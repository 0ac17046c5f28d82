package dev.mekiki.launcher.command.services;

import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.launcher.command.options.AccessOption;
import dev.mekiki.launcher.command.options.GlobalOptions;
import dev.mekiki.launcher.command.options.KafkaOption;
import dev.mekiki.launcher.command.options.MatchOption;
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
    name = "index",
    description = "Run one index service against a Kafka; start more to share the work.",
    footer = {
      "",
      "Waits for an encoder service to announce a generation. Two on one machine need a port and",
      "a state directory each. All instances need the same reach and radii: one that differs from what",
      "the index was started with refuses to start.",
      "",
      "Example:",
      "  mekiki index --set mekiki.index.port=7073 --set mekiki.index.state-dir=/var/lib/mekiki-2"
    })
public final class IndexCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions configuration;
  @Mixin private KafkaOption kafka;
  @Mixin private AccessOption access;
  @Mixin private MatchOption match;

  @Option(
      names = "--reindex",
      description =
          "Make the index again from the topics. For one start of one instance, while no other runs.")
  private boolean reindex;

  @Option(
      names = "--generation",
      paramLabel = "GENERATION",
      description =
          "Serve this generation, by the first digits of its id, and not the one that is active now.")
  private @Nullable String generation;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> options = new HashMap<>(kafka.options());
    options.putAll(access.options());
    options.putAll(match.options());
    if (reindex) {
      options.put("mekiki.index.reindex", "true");
    }
    if (generation != null) {
      options.put("mekiki.index.generation", generation);
    }
    IndexConfig config =
        configuration.with(options).load(Map.of(), Map.of()).get(IndexConfig.class);
    return SingleService.run(
        spec,
        parts -> {
          IndexService index =
              parts.add(
                  StartRetry.whileKafkaIsAway(
                      config.kafka().startTimeout(), () -> IndexService.start(config)));
          return new SingleService.Running(index.address(), index.failure());
        });
  }
}

package dev.mekiki.launcher.command.services;

import dev.mekiki.launcher.command.options.AccessOption;
import dev.mekiki.launcher.command.options.GlobalOptions;
import dev.mekiki.launcher.command.options.KafkaOption;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.query.QueryService;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "query",
    description = "Run one query service: the API and the page.",
    footer = {
      "",
      "It learns of all index services from any one of them.",
      "",
      "Example:",
      "  mekiki query --set mekiki.query.index-addresses=index-1:7072 \\",
      "    --set mekiki.query.encoder-addresses=encoder-1:7071"
    })
public final class QueryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions configuration;
  @Mixin private KafkaOption kafka;
  @Mixin private AccessOption access;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> options = new HashMap<>(kafka.options());
    options.putAll(access.options());
    QueryConfig config =
        configuration.with(options).load(Map.of(), Map.of()).get(QueryConfig.class);
    return SingleService.run(
        spec,
        parts -> {
          QueryService service =
              parts.add(
                  StartRetry.whileKafkaIsAway(
                      config.kafka().startTimeout(), () -> QueryService.start(config)));
          return new SingleService.Running(service.address(), service.failure());
        });
  }
}

package dev.mekiki.launcher.command.services;

import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.encoder.EncoderService;
import dev.mekiki.launcher.command.options.AccessOption;
import dev.mekiki.launcher.command.options.GlobalOptions;
import dev.mekiki.launcher.command.options.KafkaOption;
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
    name = "encoder",
    description = "Run one encoder service against a Kafka; start more to share the work.",
    footer = {
      "",
      "Example:",
      "  mekiki encoder --bootstrap kafka-1:9092 --device cpu --set mekiki.encoder.port=0"
    })
public final class EncoderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions configuration;
  @Mixin private KafkaOption kafka;
  @Mixin private AccessOption access;

  @Option(
      names = "--reindex",
      description = "Retire another active generation and read everything again from the topics.")
  private boolean reindex;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "Where the network runs: auto (a GPU if there is one, else the CPU), cpu or gpu:N "
              + "(default: auto).")
  private @Nullable String device;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> options = new HashMap<>(kafka.options());
    options.putAll(access.options());
    if (reindex) {
      options.put("mekiki.generation.reindex", "true");
    }
    if (device != null) {
      options.put("mekiki.encoder.device", device);
    }
    EncoderConfig config =
        configuration.with(options).load(Map.of(), Map.of()).get(EncoderConfig.class);
    return SingleService.run(
        spec,
        parts -> {
          EncoderService encoder =
              parts.add(
                  StartRetry.whileKafkaIsAway(
                      config.kafka().startTimeout(), () -> EncoderService.start(config)));
          return new SingleService.Running(encoder.address(), encoder.failure());
        });
  }
}

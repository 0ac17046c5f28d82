package dev.mekiki.launcher.command.generations;

import dev.mekiki.encoder.announce.GenerationAnnouncer;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.launcher.command.generations.KafkaInstallation.Opened;
import dev.mekiki.launcher.command.options.BundleArgument;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.runtime.generation.Generations;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "prepare",
    description = {
      "Record another generation, which index instances then build beside the active one.",
      "Where the network is that of the active one, all codes are there and nothing is encoded again."
    },
    footer = {
      "",
      "A bundle of another network needs encoders that run with it, beside the others.",
      "",
      "Examples:",
      "  mekiki generation prepare with-pandas.mekiki",
      "  mekiki generation prepare built-in --partitions 16"
    })
final class GenerationPrepareCommand implements Callable<Integer> {
  private static final int MAX_PARTITIONS = 1024;

  @Spec private CommandSpec spec;
  @Mixin private BundleArgument named;
  @Mixin private KafkaInstallation installation;
  @Mixin private JsonOption json;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description =
          "Partitions of the new generation, 1 to "
              + MAX_PARTITIONS
              + " (default: mekiki.generation.partitions).")
  private @Nullable Integer partitions;

  /// What was prepared.
  ///
  /// @param isEncodedAnew whether its network is another one than that of the active generation
  record Result(
      String generation, String network, int centers, int partitions, boolean isEncodedAnew) {}

  @Override
  public Integer call() throws Exception {
    Integer wanted = partitions;
    if (wanted != null && (wanted < 1 || wanted > MAX_PARTITIONS)) {
      throw new ParameterException(
          spec.commandLine(),
          "--partitions: %d (expected: 1..%d)".formatted(wanted, MAX_PARTITIONS));
    }
    Bundle bundle = named.read();
    return installation.run(opened -> {
      json.print(prepare(opened, bundle), (result, output) -> print(result, output::println));
      return ExitCode.OK;
    });
  }

  private Result prepare(Opened opened, Bundle bundle) {
    Integer wanted = partitions;
    Generation prepared =
        opened
            .changes()
            .prepare(
                GenerationAnnouncer.generation(
                    bundle, wanted == null ? opened.partitions() : wanted));
    Generations known = opened.registry().read();
    @Nullable Generation active = known.active();
    return new Result(
        prepared.getId(),
        prepared.getNetwork(),
        prepared.getCentersCount(),
        prepared.getPartitions(),
        active == null || !active.getNetwork().equals(prepared.getNetwork()));
  }

  /// Prints lines.
  private interface Lines {
    void println(Object line);
  }

  private static void print(Result result, Lines output) {
    String id = Topics.shortId(result.generation());
    output.println("prepared %s".formatted(id));
    if (result.isEncodedAnew()) {
      output.println(
          "Its network is another one. Run encoders with its bundle beside those that run:");
      output.println("  mekiki encoder --set mekiki.encoder.bundle=FILE ...");
    }
    output.println("Watch how far it is:  mekiki generation list");
    output.println("Change over to it:    mekiki generation activate %s".formatted(id));
  }
}

package dev.mekiki.launcher.command.generations;

import dev.mekiki.encoder.announce.GenerationAnnouncer;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.index.generations.GenerationIndexes;
import dev.mekiki.index.generations.IndexMemory;
import dev.mekiki.launcher.command.generations.KafkaInstallation.Opened;
import dev.mekiki.launcher.command.options.BundleArgument;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.GenerationChanges;
import dev.mekiki.runtime.generation.Generations;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.MatchSettings;
import java.util.Map;
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
      "Where the network is that of the active one, all codes are there and nothing is encoded again.",
      "If a partition would then hold more than 1.5 times the mean of the images, buckets are divided",
      "anew by how many images they hold, and one that is too large for a partition is split."
    },
    footer = {
      "",
      "A bundle of another network needs encoders that run with it, beside the others.",
      "Refuses a generation that does not fit into the memory of the index instances that run. With",
      "--whole-buckets they refuse it themselves, as images are not counted then.",
      "",
      "Examples:",
      "  mekiki generation prepare with-pandas.mekiki",
      "  mekiki generation prepare built-in --partitions 16",
      "  mekiki generation prepare built-in --whole-buckets"
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

  @Option(
      names = "--whole-buckets",
      description = "Do not read codes, and keep each bucket in one partition, however full.")
  private boolean isWholeBuckets;

  @Option(
      names = "--force",
      description =
          "Also where it does not fit into the memory of index instances: processes of its own are to"
              + " serve it (mekiki index --generation).")
  private boolean force;

  /// What was prepared.
  ///
  /// @param splitBuckets how many buckets lie in several partitions
  /// @param isEncodedAnew whether its network is another one than that of the active generation
  record Result(
      String generation,
      String network,
      int centers,
      int partitions,
      int splitBuckets,
      boolean isEncodedAnew) {}

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
    Generations known = opened.registry().read();
    // Before all codes are read.
    GenerationChanges.checkPreparable(known);
    @Nullable Generation active = known.active();
    boolean isEncodedAnew = active == null || !active.getNetwork().equals(bundle.networkId());
    Routing routing =
        Routing.byProximity(
            bundle.centers(), partitions == null ? opened.partitions() : partitions);
    long images = 0;
    if (active != null && !isWholeBuckets) {
      Map<String, HashCode> codes = CodesById.read(opened, active.getNetwork());
      images = codes.size();
      if (!isEncodedAnew) {
        routing = Balance.improved(routing, codes);
      }
    }
    Generation next = GenerationAnnouncer.generation(bundle, routing);
    checkMemory(opened, known, next, images);
    Generation prepared = opened.changes().prepare(next);
    return new Result(
        prepared.getId(),
        prepared.getNetwork(),
        prepared.getCentersCount(),
        prepared.getPartitions(),
        routing.splitBuckets(),
        isEncodedAnew);
  }

  private void checkMemory(Opened opened, Generations known, Generation next, long images) {
    if (force) {
      return;
    }
    try (GenerationIndexes indexes = opened.indexes()) {
      @Nullable Generation active = known.active();
      @Nullable MatchSettings live = active == null ? null : known.settings().get(active.getId());
      @Nullable String shortage =
          IndexMemory.shortage(
              next, images, live != null && live.getCopies(), known.byId(), indexes.running(known));
      if (shortage != null) {
        throw new StartException(
            ("generation %s would not fit: %s. Give index instances more heap (-Xmx), start more of"
                    + " them, retire a generation, or prepare it with --force and serve it by"
                    + " processes of its own, `mekiki index --generation`")
                .formatted(Topics.shortId(next.getId()), shortage));
      }
    }
  }

  /// Prints lines.
  private interface Lines {
    void println(Object line);
  }

  private static void print(Result result, Lines output) {
    String id = Topics.shortId(result.generation());
    output.println("prepared %s".formatted(id));
    if (result.splitBuckets() > 0) {
      output.println(
          "Buckets that are too large for one partition are split: %d of %d"
              .formatted(result.splitBuckets(), result.centers()));
    }
    if (result.isEncodedAnew()) {
      output.println(
          "Its network is another one. Run encoders with its bundle beside those that run:");
      output.println("  mekiki encoder --set mekiki.encoder.bundle=FILE ...");
    }
    output.println("Watch how far it is:  mekiki generation list");
    output.println("Change over to it:    mekiki generation activate %s".formatted(id));
  }
}

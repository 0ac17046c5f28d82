package dev.mekiki.benchmarks.scale;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.testbed.TestbedSettings;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.runtime.StartException;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// What all kinds of `bench scale` share, and how the instances run.
final class ScaleSettings extends TestbedSettings {
  @Option(
      names = "--codes",
      paramLabel = "N",
      description = "Codes sent to each number of instances (default: ${DEFAULT-VALUE}).")
  int codes = 100_000;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Stream threads of each instance (default: ${DEFAULT-VALUE}).")
  int threads = 1;

  @Option(
      names = "--commit-interval",
      paramLabel = "MS",
      description =
          "Commit interval of the instances, in milliseconds (default: ${DEFAULT-VALUE}). Each thread"
              + " commits for itself: where all instances share a few cores, a long one keeps that"
              + " from hiding what the work itself costs.")
  long commitIntervalMs = 50;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "Largest heap of each instance (default: ${DEFAULT-VALUE}).")
  String heap = "2g";

  @Option(
      names = "--balanced",
      description =
          "Divide buckets over partitions by how many of the codes they hold, and split those that are"
              + " too large for one, as `mekiki generation prepare` does.")
  boolean isBalanced;

  @Override
  protected void check() {
    super.check();
    if (codes < 1 || threads < 1 || commitIntervalMs < 1) {
      throw new StartException(
          "--codes, --threads, --commit-interval: %d, %d, %d (expected: at least 1 each)"
              .formatted(codes, threads, commitIntervalMs));
    }
    if (!heap.matches("[1-9][0-9]*[kmgKMG]")) {
      throw new StartException(
          "--heap: '%s' (expected: a size such as 512m or 2g)".formatted(heap));
    }
  }

  /// How the buckets of the codes are divided.
  Routing routing(CodeData data, int partitions) {
    CenterTable centers = data.centers();
    if (!isBalanced) {
      return Routing.byProximity(centers, partitions);
    }
    long[] images = new long[centers.size()];
    for (int number = 0; number < data.codes().size(); number++) {
      images[centers.cell(data.codes().code(number)).center()]++;
    }
    return Routing.balanced(centers, partitions, images);
  }

  /// Configuration of an instance, but for its own directory and port.
  ///
  /// @param name prefix of the topics, without its dot
  Map<String, String> configuration(String name, String bootstrapServers) {
    Map<String, String> keys = new HashMap<>(matchConfiguration());
    keys.put("mekiki.kafka.bootstrap-servers", bootstrapServers);
    keys.put("mekiki.topics.prefix", name + ".");
    keys.put("mekiki.index.threads", Integer.toString(threads));
    keys.put("mekiki.index.commit-interval", commitIntervalMs + "ms");
    keys.put("mekiki.index.standby-replicas", "0");
    return keys;
  }
}

package dev.mekiki.benchmarks.scale;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.data.ReachConverter;
import dev.mekiki.benchmarks.plan.CapacityPlan;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.simulate.ScaleSimulation;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "scale",
    description =
        "Measure what more index instances are worth; simulate partitions; plan machines.",
    footer = {
      "",
      "--instances starts processes of the index service and one broker for each number, sends the",
      "same codes to each, and kills the fullest process at the end to time its restore.",
      "--simulate lets the codes arrive at each number of --partitions in this process, without Kafka:",
      "which partition gets how many images and probes.",
      "--plan prints the tables of docs/scaling.md.",
      "",
      "Examples:",
      "  mekiki bench scale --instances 1,2,4 --json",
      "  mekiki bench scale --simulate --distribution uniform --classes 1024 --partitions 8,64,512",
      "  mekiki bench scale --plan"
    })
public final class ScaleCommand implements Callable<Integer> {
  private static final int MAX_PARTITIONS = 1024;

  @Spec private CommandSpec spec;
  @Mixin private DataOptions data;
  @Mixin private ScaleSettings settings;
  @Mixin private Output output;

  @ArgGroup(multiplicity = "1")
  private Kind kind;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      split = ",",
      description =
          "Partitions of code-placements; with --simulate, several run one by one"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Integer> partitions = List.of(8);

  private static final class Kind {
    @Option(
        names = "--instances",
        paramLabel = "N",
        split = ",",
        required = true,
        description = "Numbers of index processes, one after another.")
    private @Nullable List<Integer> instances;

    @Option(
        names = "--simulate",
        required = true,
        description = "Run the routing and the rule alone, for each number of partitions.")
    private boolean simulate;

    @Option(
        names = "--plan",
        required = true,
        description =
            "Compute what 1 million to 1 billion images take, from constants that were measured.")
    private boolean plan;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    settings.check();
    data.checkRadius(settings.radius());
    for (int each : partitions) {
      if (each < 1 || each > MAX_PARTITIONS) {
        throw new StartException(
            "--partitions: %d (expected: 1..%d)".formatted(each, MAX_PARTITIONS));
      }
    }
    List<Integer> instances = kind.instances;
    if (instances != null) {
      measure(instances);
    } else if (kind.plan) {
      plan();
    } else if (kind.simulate) {
      simulate();
    }
    return 0;
  }

  private void measure(List<Integer> instances) throws IOException, InterruptedException {
    if (partitions.size() != 1) {
      throw new StartException(
          "--partitions: %s (expected: one number with --instances)".formatted(partitions));
    }
    for (int count : instances) {
      if (count < 1 || count * settings.threads > partitions.getFirst()) {
        throw new StartException(
            "--instances: %d (expected: 1 to --partitions / --threads, so that each has work)"
                .formatted(count));
      }
    }
    output.print(
        new ScaleMeasurement(data, settings, output, partitions.getFirst()).run(instances));
  }

  private void plan() {
    CapacityPlan plan = new CapacityPlan();
    if (output.isJson()) {
      plan.rows().forEach(output::print);
    } else {
      PrintWriter out = spec.commandLine().getOut();
      for (Reach reach : Reach.values()) {
        String name = ReachConverter.name(reach);
        out.printf("%s%n%n%s%n", name, plan.markdown(name));
      }
      out.flush();
    }
  }

  private void simulate() throws IOException {
    output.phase("drawing %,d codes".formatted(settings.codes));
    CodeData loaded = data.load(settings.codes, 1);
    MadeUpImages images =
        new MadeUpImages(
            loaded.codes(), settings.codes, settings.codeFlips(data.bits()), data.seed());
    MatchPolicy policy =
        new MatchPolicy(
            settings.reach(), settings.radius(), MatchPolicy.RECOMMENDED_FINGERPRINT_RADIUS, null);
    for (int each : partitions) {
      Routing routing = settings.routing(loaded, each);
      output.print(new ScaleSimulation(images, routing, policy, data.seed()).run(data));
    }
  }
}

package dev.mekiki.launcher.command.services;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.files.TemporaryDirectory;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.launcher.allinone.AllInOne;
import dev.mekiki.launcher.allinone.AllInOneSettings;
import dev.mekiki.launcher.allinone.Configurations;
import dev.mekiki.launcher.client.Clients;
import dev.mekiki.launcher.command.client.MatchLine;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.GlobalOptions;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.launcher.demo.Demo;
import dev.mekiki.launcher.demo.DemoSummary;
import dev.mekiki.launcher.demo.PairDistance;
import dev.mekiki.launcher.images.ImageFiles;
import dev.mekiki.launcher.images.LeftOutReport;
import dev.mekiki.launcher.process.Closing;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.launcher.process.ProcessClock;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.samples.SampleSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = "Start everything with a temporary state, send sample images, print each match.",
    footer = {
      "",
      "The samples are 200 drawn scenes with one to three edited copies each and 20 byte-identical",
      "ones. Expected are all pairs within the rule: of the same bytes, or with fingerprints at"
          + " most",
      "mekiki.match.fingerprint-radius apart. Copies that an edit moved farther away are listed as",
      "'beyond': no setting of the index finds those. With --images the copies are made of your"
          + " own",
      "pictures; two of those that show the same thing then count as a false pair, for the demo",
      "cannot know.",
      "",
      "With --exit it ends with 0 only if every expected pair and no false pair was found.",
      "",
      "Examples:",
      "  mekiki demo",
      "  mekiki demo --exit --json",
      "  mekiki demo --images ~/Pictures/2024"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final Map<String, Integer> DEFAULT_PORTS =
      Map.of("mekiki.query.port", 8080, "mekiki.encoder.port", 7071, "mekiki.index.port", 7072);

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions configuration;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "Your own pictures instead of the drawn scenes.")
  private @Nullable Path images;

  @Option(
      names = "--scenes",
      paramLabel = "N",
      description = "How many scenes to draw (default: ${DEFAULT-VALUE}).")
  private int scenes = 200;

  @Option(names = "--exit", description = "End after the summary instead of waiting for Ctrl-C.")
  private boolean exit;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    SampleSet samples = samples();
    // With --json, standard output is the summary alone.
    PrintWriter people = json.people();
    TemporaryDirectory directory = TemporaryDirectory.create("mekiki-demo-");
    // Before anything logs, as a closing does.
    Logs.toFile(directory.path().resolve("mekiki.log"));
    try (Closing parts = Closing.atExit()) {
      var _ = parts.add(directory);
      people.printf("starting; logs in %s%n", directory.path());
      people.flush();
      Configurations configurations = configuration.with(Map.of());
      AllInOne mekiki =
          AllInOne.start(
              configurations,
              new AllInOneSettings(
                  directory.path(), PortChoice.freeOrAny(AllInOneSettings.BROKER_PORT), presets()),
              parts);
      DemoSummary summary = run(samples, mekiki, configurations, parts, people);
      if (json.isSet()) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(JsonOption.of(summary));
        out.flush();
      }
      print(summary, people);
      if (exit) {
        return summary.isGood() ? ExitCode.OK : ExitCode.FAILED;
      }
      people.printf("%nThe page stays up until Ctrl-C: %s%n", summary.page());
      people.flush();
      throw new StartException("a part failed: " + Closing.awaitFailure(mekiki.failure()));
    }
  }

  private static DemoSummary run(
      SampleSet samples,
      AllInOne mekiki,
      Configurations configurations,
      Closing parts,
      PrintWriter people)
      throws IOException, InterruptedException {
    double ready = ProcessClock.seconds();
    people.printf("ready after %.1f s; page: %s%n", ready, mekiki.page());
    people.printf("sending %d images%n", samples.pictures().size());
    people.flush();
    Configuration loaded =
        configurations.load(
            Map.of(), Map.of("mekiki.kafka.bootstrap-servers", mekiki.bootstrapServers()));
    EncoderConfig config = loaded.get(EncoderConfig.class);
    MekikiClient api = parts.add(Clients.of(mekiki.page(), ClientAccess.toPeers(config.server())));
    return new Demo(
            samples,
            new KafkaClients(config.kafka(), config.images()),
            config.topics().names(),
            api,
            loaded.get(IndexConfig.class).match().policy(),
            match -> {
              people.println(MatchLine.of(match));
              people.flush();
            })
        .run(ready, mekiki.page());
  }

  private SampleSet samples() throws IOException {
    if (images == null) {
      return SampleSet.drawn(scenes);
    }
    if (!Files.isDirectory(images)) {
      throw new StartException(
          "--images: '%s' is not there (expected: a directory of pictures)".formatted(images));
    }
    ImageFiles found = ImageFiles.find(List.of(images));
    LeftOutReport.print(found.leftOut(), false, "", spec.commandLine().getErr());
    List<Path> files = found.files();
    if (files.isEmpty()) {
      throw new StartException(
          "--images: no pictures below '%s' (expected: at least 1 %s)"
              .formatted(images, ImageFiles.FORMATS));
    }
    return SampleSet.ofFiles(images, files);
  }

  /// The usual ports where they are free, any others where they are not: a demo must not fail
  /// because something else runs.
  private static Map<String, String> presets() {
    Map<String, String> presets = new HashMap<>();
    DEFAULT_PORTS.forEach(
        (key, port) -> presets.put(key, Integer.toString(PortChoice.freeOrAny(port))));
    return presets;
  }

  private static void print(DemoSummary summary, PrintWriter out) {
    printPairs("beyond", summary.beyond(), out);
    printPairs("missed", summary.missed(), out);
    printPairs("false", summary.wrong(), out);
    out.println();
    Table table =
        new Table()
            .row("images", summary.images())
            .row(
                "pairs found",
                "%d of %d within the rule".formatted(summary.pairsFound(), summary.pairsExpected()))
            .row(
                "byte-identical",
                "%d of %d found".formatted(summary.exactFound(), summary.exactExpected()))
            .row("false pairs", summary.falsePairs())
            .row(
                "beyond the rule",
                "%d pairs of copies too far apart to be found"
                    .formatted(summary.pairsBeyondRadius()));
    if (summary.deadLetters() > 0) {
      table.row("could not be read", summary.deadLetters());
    }
    table
        .row("probes of each", "%.2f other partitions".formatted(summary.probesPerImage()))
        .row("ready", "%.1f s after the start".formatted(summary.readySeconds()));
    if (summary.produceToMatchMsP50() != null) {
      table
          .row(
              "produce to match",
              "p50 %.0f ms, p99 %.0f ms over %d images"
                  .formatted(
                      summary.produceToMatchMsP50(),
                      summary.produceToMatchMsP99(),
                      summary.timedImages()))
          .row("  of these, p50", stages(summary.stagesMsP50()));
    }
    table.row("summary", "%.1f s after the start".formatted(summary.summarySeconds())).print(out);
  }

  private static void printPairs(String what, List<PairDistance> pairs, PrintWriter out) {
    for (PairDistance pair : pairs) {
      out.printf(
          "%-9s  code %2d  fingerprint %3d  %s  and  %s%n",
          what,
          pair.codeDistance(),
          pair.fingerprintDistance(),
          Table.visible(pair.first()),
          Table.visible(pair.second()));
    }
  }

  private static String stages(Map<String, Double> stages) {
    StringBuilder text = new StringBuilder();
    stages.forEach((stage, ms) ->
        text.append(text.isEmpty() ? "" : ", ").append("%s %.0f ms".formatted(stage, ms)));
    return text.toString();
  }
}

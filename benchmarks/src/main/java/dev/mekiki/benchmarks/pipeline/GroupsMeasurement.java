package dev.mekiki.benchmarks.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.report.Samples;
import dev.mekiki.benchmarks.testbed.Gauges;
import dev.mekiki.benchmarks.testbed.Generations;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.benchmarks.testbed.Testbed;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.schemas.v1.Generation;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// Puts copies of one picture into one group, and reads that group page by page as a client does.
/// Then compares pairs of images.
final class GroupsMeasurement {
  private static final int PAGE = 100;
  private static final int COMPARES = 1_000;

  private final DataOptions options;
  private final PipelineSettings settings;
  private final Output output;
  private final int copies;

  GroupsMeasurement(DataOptions options, PipelineSettings settings, Output output, int copies) {
    this.options = options;
    this.settings = settings;
    this.output = output;
    this.copies = copies;
  }

  GroupsReport run() throws IOException, InterruptedException {
    output.phase("drawing %,d codes".formatted(2 * copies));
    CodeData data = options.load(2 * copies, 1);
    MadeUpImages images =
        new MadeUpImages(
            data.codes(), copies, settings.codeFlips(options.bits()), options.seed(), copies);
    Generation generation = Generations.of(data.centers(), settings.partitions);
    Map<String, String> keys = new HashMap<>(settings.configuration(true));
    keys.put("mekiki.groups", "on");
    try (Testbed testbed = Testbed.start(settings.data());
        IndexRun run = new IndexRun(testbed, "groups", keys, generation, images)) {
      output.phase("%,d codes of different pictures".formatted(copies));
      var _ = run.rate(copies, true, settings.limit());
      output.phase("%,d copies of one picture".formatted(copies));
      for (int number = copies; number < 2 * copies; number++) {
        run.send(number);
      }
      long indexed =
          Gauges.await(
              "%,d images".formatted(2 * copies),
              settings.limit(),
              () -> run.indexed() >= 2L * copies);
      QueryConfig config =
          testbed
              .configuration(
                  run.name(),
                  Map.of("mekiki.query.port", "0", "mekiki.query.index-addresses", run.address()))
              .get(QueryConfig.class);
      try (QueryClient client = new QueryClient(config)) {
        return measure(client, indexed);
      }
    }
  }

  private GroupsReport measure(QueryClient client, long indexed) throws InterruptedException {
    output.phase("waiting for the group");
    String groupOf = "/v1/groups/of?limit=1&id=" + ImageIds.of(0);
    long grouped =
        Gauges.await(
            "a group of %,d".formatted(copies + 1),
            settings.limit(),
            () -> client.get(groupOf).path("group").path("size").asInt() == copies + 1);
    String group = client.get(groupOf).path("group").path("id").asText();
    output.phase("reading it page by page, once to warm up");
    var _ = read(client, group, new BitSet());
    BitSet listed = new BitSet();
    Samples pages = read(client, group, listed);
    BitSet expected = new BitSet();
    expected.set(0);
    expected.set(copies, 2 * copies);
    output.phase("comparing %,d pairs, as many before to warm up".formatted(COMPARES));
    CompareLatency compares = CompareWatch.run(client, 2 * copies, COMPARES);
    return new GroupsReport(
        copies,
        Figures.rounded((grouped - indexed) / 1e9),
        pages.size(),
        pages.millis(0.5),
        pages.millis(0.99),
        pages.millis(1),
        compares,
        listed.equals(expected));
  }

  /// @param listed takes the numbers of the members
  private static Samples read(QueryClient client, String group, BitSet listed) {
    Samples samples = new Samples();
    String cursor = "";
    do {
      String from =
          cursor.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
      long start = System.nanoTime();
      JsonNode page = client.get("/v1/groups/%s?limit=%d%s".formatted(group, PAGE, from));
      samples.add(System.nanoTime() - start);
      for (JsonNode member : page.path("group").path("members")) {
        int number = ImageIds.number(member.path("imageId").asText());
        if (listed.get(number)) {
          throw new IllegalStateException("listed twice: " + member);
        }
        listed.set(number);
      }
      cursor = page.path("nextCursor").asText();
    } while (!cursor.isEmpty());
    return samples;
  }
}

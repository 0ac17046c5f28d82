package dev.mekiki.benchmarks.search;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "search",
    description =
        "Measure exact k-NN and radius search, on one thread, and compare with a flat scan.",
    footer = {
      "",
      "Examples:",
      "  mekiki bench search --codes 1000000",
      "  mekiki bench search --codes 10000000 --distribution uniform --json"
    })
public final class SearchCommand implements Callable<Integer> {
  @Mixin private DataOptions data;
  @Mixin private Output output;

  @Option(
      names = "--codes",
      paramLabel = "N",
      description = "Codes indexed (default: ${DEFAULT-VALUE}).")
  private int codes = 1_000_000;

  @Option(
      names = "--queries",
      paramLabel = "M",
      description = "Queries run one by one (default: ${DEFAULT-VALUE}).")
  private int queries = 1000;

  @Option(
      names = "--k",
      paramLabel = "K",
      description = "Hits of a k-NN search (default: ${DEFAULT-VALUE}).")
  private int k = 10;

  @Option(
      names = "--radius",
      paramLabel = "R",
      description = "Radius of the radius search (default: ${DEFAULT-VALUE}).")
  private int radius = 6;

  @Option(
      names = "--radius-hits",
      paramLabel = "N",
      description = "Largest number of hits of the radius search (default: ${DEFAULT-VALUE}).")
  private int radiusHits = 1000;

  @Option(
      names = "--checks",
      paramLabel = "N",
      description = "Queries compared with brute force (default: ${DEFAULT-VALUE}).")
  private int checks = 100;

  @Option(
      names = "--write-codes",
      paramLabel = "FILE",
      description = "Write codes, then queries, as raw little-endian longs for other programs.")
  private @Nullable Path writeCodes;

  @Override
  public Integer call() throws IOException {
    data.checkRadius(radius);
    if (k < 1 || radiusHits < 1 || checks < 0) {
      throw new StartException(
          "--k, --radius-hits, --checks: %d, %d, %d (expected: at least 1, 1, 0)"
              .formatted(k, radiusHits, checks));
    }
    output.phase("drawing %,d codes".formatted(codes));
    CodeData loaded = data.load(codes, queries);
    if (writeCodes != null) {
      loaded.write(writeCodes);
      output.phase("written: " + writeCodes);
    }
    output.print(
        new SearchMeasurement(
                loaded, data, output, k, radius, radiusHits, Math.min(checks, queries))
            .run());
    return 0;
  }
}

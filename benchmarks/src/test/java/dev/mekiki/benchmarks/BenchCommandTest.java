package dev.mekiki.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each command that runs no service, at a small size: the keys that are promised, and answers that
/// are right.
class BenchCommandTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"64, clustered", "64, uniform", "16, clustered", "128, clustered"})
  void searchIsExactAndReportsEveryKey(String bits, String distribution) throws IOException {
    JsonNode result =
        Bench.run(
                "search",
                "--codes",
                "3000",
                "--queries",
                "100",
                "--bits",
                bits,
                "--distribution",
                distribution)
            .getFirst();

    assertThat(result.get("exact").asBoolean()).isTrue();
    Bench.assertPositive(
        result,
        "build_seconds",
        "bytes_per_code",
        "knn_us_p50",
        "knn_us_p99",
        "flat_us_p50",
        "batch_codes_per_second",
        "radius_us_p50",
        "touched_codes_p50",
        "memory_bandwidth_gb_s");
  }

  @Test
  void searchReadsTheCodesThatItWrote() throws IOException {
    Path file = directory.resolve("codes.bin");
    JsonNode drawn =
        Bench.run("search", "--codes", "1000", "--queries", "50", "--write-codes", file.toString())
            .getFirst();
    JsonNode read =
        Bench.run("search", "--codes", "1000", "--queries", "50", "--distribution", file.toString())
            .getFirst();

    assertThat(read.get("exact").asBoolean()).isTrue();
    assertThat(read.get("touched_codes_p50")).isEqualTo(drawn.get("touched_codes_p50"));
  }

  @ParameterizedTest
  @CsvSource({
    "clustered, 100, everywhere",
    "uniform, 100, everywhere",
    "clustered, 1, everywhere",
    "clustered, 100, codes",
    "uniform, 100, codes",
    "clustered, 1, codes"
  })
  void matchIsCompleteAndReportsNoPairTwiceAndEveryKey(
      String distribution, String classes, String reach) throws IOException {
    JsonNode result =
        Bench.run(
                "match",
                "--indexed",
                "2000",
                "--arrivals",
                "1000",
                "--duplicates",
                "0.2",
                "--classes",
                classes,
                "--distribution",
                distribution,
                "--reach",
                reach)
            .getFirst();

    assertThat(result.get("complete").asBoolean()).isTrue();
    assertThat(result.get("duplicate_events").asLong()).isZero();
    assertThat(result.get("reach").asText()).isEqualTo(reach);
    double probed = result.get("partitions_probed").asDouble();
    if (reach.equals("everywhere")) {
      // A partition without a bucket holds nothing.
      int hosting = Math.min(result.get("partitions").asInt(), Integer.parseInt(classes));
      assertThat(probed).isEqualTo(hosting - 1.0);
    } else {
      assertThat(probed).isBetween(0.0, result.get("partitions").asInt() - 1.0);
    }
    assertThat(result.get("busiest_partition_share").asDouble()).isBetween(0.125, 1.0);
    Bench.assertPositive(result, "arrivals_per_second", "bytes_per_image", "flat_us_p50", "events");
  }

  @Test
  void matchOfSeveralSizesGivesALineEachAndAPlot() throws IOException {
    Path plot = directory.resolve("growth.svg");
    List<JsonNode> results =
        Bench.run("match", "--indexed", "500,1000", "--arrivals", "100", "--plot", plot.toString());

    assertThat(results)
        .extracting(result -> result.get("indexed").asInt())
        .containsExactly(500, 1000);
    assertThat(Files.readString(plot)).startsWith("<svg").contains("arrival").endsWith("</svg>\n");
  }

  @Test
  void landmarksOfSeveralSizesGiveALineEachAndTheirGrowth() throws IOException {
    List<JsonNode> results = Bench.run("landmarks", "--indexed", "300,3000", "--queries", "100");

    assertThat(results)
        .extracting(result -> result.get("indexed").asInt())
        .containsExactly(300, 3000);
    for (JsonNode result : results) {
      assertThat(result.get("made_up").asBoolean()).isTrue();
      Bench.assertPositive(
          result, "arrival_us_mean", "arrival_us_p50", "arrival_us_p99", "bytes_per_image");
    }
    // As often as in the sample, so in proportion to the size.
    assertThat(results.get(1).get("landmarks_read").asDouble())
        .isCloseTo(10 * results.get(0).get("landmarks_read").asDouble(), withinPercentage(50));
    assertThat(results.get(0).get("growth").asText()).isEqualTo("NaN");
    assertThat(results.get(1).get("growth").isNumber()).isTrue();
  }

  @Test
  void aBucketOfHalfOfAllImagesIsDivided() throws IOException {
    assertThat(fullestOverMean()).isGreaterThan(4);
    assertThat(fullestOverMean("--balanced")).isBetween(1.0, 1.5);
  }

  private static double fullestOverMean(String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("scale", "--simulate", "--codes", "4000", "--partitions", "8", "--hot", "0.5"));
    command.addAll(List.of(more));
    JsonNode result = Bench.run(command.toArray(String[]::new)).getFirst();
    assertThat(result.get("complete").asBoolean()).isTrue();
    return result.get("rows_fullest_over_mean").asDouble();
  }

  @ParameterizedTest
  @CsvSource({"everywhere, uniform", "everywhere, clustered", "codes, clustered"})
  void simulatedPartitionsFindEachPairOnceAndStoreEachImageOnce(String reach, String distribution)
      throws IOException {
    List<JsonNode> results =
        Bench.run(
            "scale",
            "--simulate",
            "--codes",
            "4000",
            "--classes",
            "64",
            "--partitions",
            "4,64",
            "--reach",
            reach,
            "--distribution",
            distribution);

    assertThat(results)
        .extracting(result -> result.get("partitions").asInt())
        .containsExactly(4, 64);
    for (JsonNode result : results) {
      int partitions = result.get("partitions").asInt();
      assertThat(result.get("complete").asBoolean()).isTrue();
      assertThat(result.get("duplicate_events").asLong()).isZero();
      Bench.assertPositive(result, "pairs", "rows_fullest_over_mean", "compared_busiest_over_mean");
      assertThat(result.get("rows_mean").asDouble()).isEqualTo(4000.0 / partitions);
      assertThat(result.get("look_ups_mean").asDouble())
          .isCloseTo(
              4000.0 / partitions * (1 + result.get("probes_per_image").asDouble()),
              withinPercentage(0.1));
      if (reach.equals("everywhere")) {
        assertThat(result.get("probes_per_image").asInt()).isEqualTo(partitions - 1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "search --codes 0, codes",
    "search --codes 10 --k 0, --k",
    "search --codes 10 --distribution no-such-file, no-such-file",
    "search --codes 10 --bits 63, bits",
    "match --indexed 10 --radius 65, --radius",
    "match --indexed 10 --duplicates 2, --duplicates",
    "landmarks --indexed 100;100, --indexed",
    "landmarks --queries 0, --queries",
    "landmarks --images no-such-directory, no-such-directory",
    "landmarks --write-sample file, --images",
    "duplicates --edits all, --images",
    "duplicates --drawn -1, --drawn",
    "pipeline --images no-such-directory, no-such-directory",
    "pipeline --codes 10 --loads 0, --loads",
    "scale --simulate --partitions 0, --partitions",
    "scale --simulate --hot 2, --hot",
    "scale --simulate --hot 0.5 --distribution uniform, --hot",
    "scale --instances 0, --instances",
    "scale --instances 9 --partitions 8, --instances",
    "scale --instances 1 --heap much, --heap"
  })
  void badInputIsNamedWithWhatWasExpected(String command, String named) {
    StringWriter err = new StringWriter();
    int exitCode =
        Bench.commandLine(new StringWriter(), err)
            .setExecutionExceptionHandler((failure, commandLine, _) -> {
              commandLine.getErr().println(failure.getMessage());
              return 1;
            })
            .execute(command.replace(';', ',').split(" "));

    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString()).contains(named, "expected");
  }
}

package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.benchmarks.BenchCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `mekiki bench scale --instances` with real processes: each has its share, and one that is killed
/// comes back with all of it.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class ScaleBenchIT {
  private static final int CODES = 5_000;

  @TempDir private Path directory;

  @Test
  void twoProcessesFindEachPairOnceAndShareTheImages() throws Exception {
    StringWriter out = new StringWriter();
    int exitCode =
        new CommandLine(new BenchCommand())
            .setOut(new PrintWriter(out, true))
            .execute(
                "scale",
                "--instances",
                "2",
                "--codes",
                Integer.toString(CODES),
                "--distribution",
                "uniform",
                "--heap",
                "512m",
                "--data",
                directory.toString(),
                "--json");

    assertThat(exitCode).isZero();
    JsonNode runs = JsonMapper.builder().build().readTree(out.toString()).get("instances");
    assertThat(runs).extracting(run -> run.get("count").asInt()).containsExactly(2);
    for (JsonNode run : runs) {
      int count = run.get("count").asInt();
      int images = 0;
      for (JsonNode share : run.get("images")) {
        images += share.asInt();
      }
      assertThat(images).isEqualTo(CODES);
      assertThat(run.get("complete").asBoolean()).isTrue();
      assertThat(run.get("duplicate_events").asLong()).isZero();
      assertThat(run.get("restore_seconds").asDouble()).isPositive();
      for (String each : new String[] {"images", "cpu_seconds", "heap_bytes", "store_bytes"}) {
        assertThat(run.get(each))
            .as(each)
            .hasSize(count)
            .allSatisfy(value -> assertThat(value.asDouble()).isPositive());
      }
    }
  }
}

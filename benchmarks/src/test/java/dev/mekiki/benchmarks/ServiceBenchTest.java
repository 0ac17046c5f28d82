package dev.mekiki.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Each command that runs services, at a small size: the keys that are promised, and answers that
/// are right.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class ServiceBenchTest {
  @Test
  void pipelineReportsEachPairOnceAndEveryKey() throws IOException {
    JsonNode result =
        Bench.run(
                "pipeline", "--codes", "2000", "--seconds", "1", "--loads", "0.5", "--limit", "60")
            .getFirst();

    assertThat(result.get("complete").asBoolean()).isTrue();
    Bench.assertPositive(
        result, "codes_per_second", "bare_codes_per_second", "broker_cpu_share", "matches");
    assertThat(result.get("latencies"))
        .singleElement()
        .satisfies(latency -> {
          assertThat(latency.get("load").asDouble()).isEqualTo(0.5);
          assertThat(latency.get("missing").asInt()).isZero();
          assertThat(latency.has("p50_ms")).isTrue();
          assertThat(latency.has("p99_ms")).isTrue();
        });
    JsonNode idle = result.get("idle");
    assertThat(idle.get("same_home_matches").asInt() + idle.get("other_home_matches").asInt())
        .isPositive();
    assertThat(result.get("searches").get("ingest_p99_ms").asDouble()).isPositive();
  }

  @Test
  void floodEndsInQuarantineAndCostsOtherPicturesNoPair() throws IOException {
    JsonNode result =
        Bench.run("flood", "--copies", "3000", "--seconds", "2", "--limit", "60").getFirst();

    assertThat(result.get("complete").asBoolean()).isTrue();
    assertThat(result.get("quarantine_events").asInt()).isPositive();
    assertThat(result.get("held_back").asLong()).isGreaterThan(1_000);
    assertThat(result.get("beside").get("missing").asInt()).isZero();
  }

  @Test
  void groupIsListedOnceAndPairsAreCompared() throws IOException {
    JsonNode result = Bench.run("groups", "--copies", "500", "--limit", "60").getFirst();

    assertThat(result.get("complete").asBoolean()).isTrue();
    assertThat(result.get("pages").asInt()).isEqualTo(6);
    Bench.assertPositive(result, "grouped_seconds", "page_p50_ms");
    Bench.assertPositive(result.get("compares"), "p50_ms", "p99_ms");
  }

  @Test
  void openFindsEveryImageAndReportsEveryKey() throws IOException {
    JsonNode result = Bench.run("open", "--codes", "3000").getFirst();

    assertThat(result.get("complete").asBoolean()).isTrue();
    Bench.assertPositive(result, "open_seconds", "restore_images_per_second");
    assertThat(result.has("heap_bytes")).isTrue();
    assertThat(result.has("native_bytes")).isTrue();
  }
}

package dev.mekiki.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/// Runs `mekiki bench` within the test and reads its JSON.
final class Bench {
  private Bench() {}

  static List<JsonNode> run(String... arguments) throws IOException {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all = new String[arguments.length + 1];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--json";
    assertThat(commandLine(out, err).execute(all)).as(err.toString()).isZero();
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.toString().lines().toList()) {
      lines.add(mapper.readTree(line));
    }
    return lines;
  }

  static CommandLine commandLine(StringWriter out, StringWriter err) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }

  static void assertPositive(JsonNode result, String... keys) {
    for (String key : keys) {
      assertThat(result.has(key)).as(key).isTrue();
      assertThat(result.get(key).asDouble()).as(key).isPositive();
    }
  }
}

package dev.mekiki.launcher.command.centers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CentersCommandTest {
  private static final String THREE =
      """
      1, 0.5, -0.5
      0.5, 1, 0

      -0.5, 0, 1
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"annealed", "published", "mds", "hadamard", "random"})
  void everySolverAnswersForEachLength(String solver) throws IOException {
    Execution result =
        execute("--similarity", file(THREE), "--bits", "16,32", "--solver", solver, "--json");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    JsonNode results = new JsonMapper().readTree(result.out()).get("results");
    assertThat(results).hasSize(2);
    for (int i = 0; i < 2; i++) {
      JsonNode entry = results.get(i);
      assertThat(entry.get("bits").intValue()).isEqualTo(16 << i);
      assertThat(entry.get("classes").intValue()).isEqualTo(3);
      assertThat(entry.get("min_distance").intValue()).isBetween(1, 16 << i);
      assertThat(entry.get("loss").doubleValue()).isBetween(0.0, 4.0);
      assertThat(entry.get("seconds").doubleValue()).isPositive();
      assertThat(entry.get("solver").textValue()).isEqualTo(solver);
    }
  }

  @Test
  void centersAreWrittenWithTheirClasses() throws IOException {
    Path out = directory.resolve("centers.csv");
    Execution result =
        execute("--similarity", file(THREE), "--bits", "16,32", "--out", out.toString());

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(result.out().lines().toList())
        .hasSize(3)
        .first()
        .asString()
        .matches("bits +classes +min distance +loss +seconds +solver");
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).hasSize(7).first().isEqualTo("bits,class,center");
    for (int row = 0; row < 6; row++) {
      String[] cells = lines.get(1 + row).split(",", -1);
      assertThat(cells[0]).isEqualTo(row < 3 ? "16" : "32");
      assertThat(cells[1]).isEqualTo(Integer.toString(row % 3));
      assertThat(HashCode.fromHex(cells[2]).bits()).isEqualTo(row < 3 ? 16 : 32);
    }
  }

  @Test
  void solversStandBesideEachOtherHoweverOftenTheySolve() throws IOException {
    Execution result =
        execute(
            "--similarity",
            file(THREE),
            "--bits",
            "16,32",
            "--solver",
            "annealed,published",
            "--repeat",
            "2",
            "--json");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    JsonNode results = new JsonMapper().readTree(result.out()).get("results");
    assertThat(results)
        .extracting(line -> line.get("bits").asInt(), line -> line.get("solver").asText())
        .containsExactly(
            tuple(16, "annealed"),
            tuple(16, "published"),
            tuple(32, "annealed"),
            tuple(32, "published"));
    assertThat(results).allSatisfy(line -> assertThat(line.get("seconds").asDouble()).isPositive());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '1,0;0'        | 'similarity[1]: 1 entries (expected: 2'
          '1,0'          | 'similarity[0]: 2 entries (expected: 1'
          '1,x;0,1'      | 'similarity[0][1]: ''x'' (expected: a number'
          '1,NaN;0,1'    | 'similarity[0][1]: NaN (expected: -1 to 1)'
          '1,2;2,1'      | 'similarity[0][1]: 2.0 (expected: -1 to 1)'
          '1,0;0,0'      | 'similarity[1][1]: 0.0 (expected: 1'
          '1,;0,1'       | 'similarity[0][1]: '''' (expected: a number'
          ''             | 'similarity: no rows'
          """)
  void whatIsNoSimilarityIsToldWithItsEntry(String content, String message) throws IOException {
    String file = file(content == null ? "" : content.replace(';', '\n'));
    Execution result = execute("--similarity", file);

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains(file, message).doesNotContain("\tat ", "Exception");
  }

  @Test
  void aMissingFileAndADirectoryAreTold() {
    Execution missing = execute("--similarity", directory.resolve("none.csv").toString());
    assertThat(missing.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(missing.err()).contains("none.csv: no such file");

    Execution folder = execute("--similarity", directory.toString());
    assertThat(folder.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(folder.err()).contains(directory + ": a directory");
  }

  @Test
  void wrongArgumentsAreWrongUsage() throws IOException {
    assertThat(execute().err()).contains("--similarity=FILE is missing");
    assertThat(execute().exitCode()).isEqualTo(ExitCode.USAGE);
    Execution bits = execute("--similarity", file(THREE), "--bits", "20");
    assertThat(bits.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(bits.err()).contains("bits: 20 (expected: a multiple of 8, 16 to 256)");
    Execution solver = execute("--similarity", file(THREE), "--solver", "best");
    assertThat(solver.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(solver.err()).contains("best", "annealed", "published");
    Execution repeat = execute("--similarity", file(THREE), "--repeat", "0");
    assertThat(repeat.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(repeat.err()).contains("--repeat: 0 (expected: at least 1)");
    Execution written =
        execute("--similarity", file(THREE), "--solver", "annealed,mds", "--out", "centers.csv");
    assertThat(written.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(written.err()).contains("--out: 2 solvers (expected: 1)");
  }

  private String file(String content) throws IOException {
    return Files.writeString(directory.resolve("similarity.csv"), content).toString();
  }

  private static Execution execute(String... arguments) {
    return Execution.ofCommand("centers", arguments);
  }
}

package dev.mekiki.launcher.command.centers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimilarityCommandTest {
  private static final String HIERARCHY =
      """
      class,superclass,kind
      pear,fruit,food
      "apple, red",fruit,food

      bread,baked,food
      wolf,dog,animal
      """;

  @TempDir private Path directory;
  private Path out;

  @BeforeEach
  void nameOutput() {
    out = directory.resolve("out.csv");
  }

  @Test
  void aHierarchyBecomesATableThatCentersReads() throws IOException {
    JsonNode written =
        execute("--hierarchy", file("h.csv", HIERARCHY), "--out", out.toString(), "--json").json();

    assertThat(written.get("classes").intValue()).isEqualTo(4);
    assertThat(written.get("order"))
        .extracting(JsonNode::textValue)
        .containsExactly("pear", "apple, red", "bread", "wolf");
    float[][] rows = table();
    assertThat(rows[0][1]).isGreaterThan(rows[0][2]);
    assertThat(rows[0][2]).isGreaterThan(rows[0][3]);
    JsonNode centers =
        Execution.of("centers", "--similarity", out.toString(), "--bits", "16", "--json").json();
    assertThat(centers.get("results").get(0).get("classes").intValue()).isEqualTo(4);
  }

  @Test
  void classesCanBeOrderedByName() throws IOException {
    execute("--hierarchy", file("h.csv", HIERARCHY), "--out", out.toString()).assertOk();
    float[][] asGiven = table();
    JsonNode written =
        execute(
                "--hierarchy",
                file("h.csv", HIERARCHY),
                "--by-name",
                "--out",
                out.toString(),
                "--json")
            .json();

    assertThat(written.get("order"))
        .extracting(JsonNode::textValue)
        .containsExactly("apple, red", "bread", "pear", "wolf");
    assertThat(table()[0][2]).isEqualTo(asGiven[1][0]);
    assertThat(table()[1][3]).isEqualTo(asGiven[2][3]);
  }

  @Test
  void attributesMayBeUnknownAndVectorsMayNot() throws IOException {
    String gaps =
        """
        class,weight,wings
        swan,10,1
        goose,4,1
        horse,500,
        cow,600,0
        """;

    execute("--attributes", file("a.csv", gaps), "--out", out.toString()).assertOk();
    assertThat(table()[2][3]).isGreaterThan(table()[0][3]);
    execute("--vectors", file("a.csv", gaps), "--out", out.toString())
        .assertFailedWith(
            ExitCode.FAILED, "a.csv, line 4: '' in cell 3 (expected: a number); correct it");
  }

  @Test
  void aMixtureBeginsAtTheClassifierAndEndsAtTheSource() throws IOException {
    String source = file("h.csv", HIERARCHY);
    execute("--hierarchy", source, "--out", out.toString()).assertOk();
    float[][] alone = table();
    String classifier = file("c.csv", "1,.1,.2,.3\n.1,1,.4,.5\n.2,.4,1,.6\n.3,.5,.6,1\n");
    mix(source, classifier, "0");
    assertThat(table())
        .isDeepEqualTo(
            new float[][] {
              {1, .1f, .2f, .3f}, {.1f, 1, .4f, .5f}, {.2f, .4f, 1, .6f}, {.3f, .5f, .6f, 1}
            });
    mix(source, classifier, "1");
    assertThat(table()).isDeepEqualTo(alone);
    mix(source, classifier, "0.5");
    assertThat(table()[1][3]).isEqualTo((alone[1][3] + .5f) / 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --hierarchy  | 'apple,fruit;pear,fruit'            | 'line 1: ''apple'' (expected: a header whose first cell is ''class'')'
          --hierarchy  | 'class,super;a,x'                   | '1 classes (expected: at least 2'
          --hierarchy  | ''                                  | '0 classes (expected: at least 2'
          --hierarchy  | 'class,super;a,x;;;a,y'             | 'line 5: class ''a'' stands in line 2 too (expected: each class once); remove one'
          --hierarchy  | 'class,super;a,x;,y'                | 'line 3: no class (expected: a name in the first cell); name it'
          --hierarchy  | 'class,super,top;a,x,t;b,,t'        | 'line 3: superclass 1 of ''b'' is missing'
          --hierarchy  | 'class,super;a,x;b'                 | 'line 3: superclass 1 of ''b'' is missing'
          --hierarchy  | 'class,super;a,x;b,y;c,z'           | 'all classes are equally alike'
          --hierarchy  | 'class,super;a,"x;b,y'              | 'closing quote'
          --vectors    | 'class,v;a,1;;b,1,2'                | 'line 4: 2 numbers (expected: as many as every class has, at least 1)'
          --vectors    | 'class,v;a;b'                       | 'line 2: 0 numbers (expected: as many as every class has, at least 1)'
          --vectors    | 'class,v;a,1;b,NaN'                 | 'line 3: ''NaN'' in cell 2 (expected: a number); correct it'
          --vectors    | 'class,v;a,1;b,1e300'               | 'line 3: ''1e300'' in cell 2 (expected: a number); correct it'
          --attributes | 'class,v;a,1;b,heavy'               | 'line 3: ''heavy'' in cell 2 (expected: a number, or nothing where it is not known)'
          --attributes | 'class,v;a,7;b,7;c,7'               | 'all classes are equally alike'
          """)
  void whatIsWrongWithASourceIsToldWithItsLine(String option, String content, String message)
      throws IOException {
    String file = file("source.csv", content == null ? "" : content.replace(';', '\n'));

    execute(option, file, "--out", out.toString()).assertFailedWith(ExitCode.FAILED, file, message);
    assertThat(out).doesNotExist();
  }

  @Test
  void sourcesBeyondTheirLimitsAreRefused() throws IOException {
    String classes =
        IntStream.rangeClosed(0, 4_096)
            .mapToObj(i -> "c" + i + ",x\n")
            .collect(Collectors.joining());
    execute("--hierarchy", file("many.csv", "class,s\n" + classes), "--out", out.toString())
        .assertFailedWith(
            ExitCode.FAILED, "many.csv, line 4098: more than 4,096 classes", "merge or leave out");
    execute(
            "--hierarchy",
            file("long.csv", "class,s\na,x\nb," + "x".repeat(201) + "\n"),
            "--out",
            out.toString())
        .assertFailedWith(
            ExitCode.FAILED, "long.csv, line 3: a cell of 201 characters (expected: at most 200)");
    execute(
            "--vectors",
            file("wide.csv", "class,s\na" + ",1".repeat(4_097) + "\n"),
            "--out",
            out.toString())
        .assertFailedWith(
            ExitCode.FAILED,
            "wide.csv, line 2: 4,097 cells after the class (expected: at most 4,096)");
  }

  @Test
  void aFileThatIsNotUtf8OrNotThereIsTold() throws IOException {
    Path latin = directory.resolve("latin.csv");
    Files.write(latin, "class,s\na,x\nMaß,y\n".getBytes(StandardCharsets.ISO_8859_1));
    execute("--hierarchy", latin.toString(), "--out", out.toString())
        .assertFailedWith(ExitCode.FAILED, "latin.csv", "UTF-8");
    execute("--hierarchy", directory.toString(), "--out", out.toString())
        .assertFailedWith(ExitCode.FAILED, directory + ": a directory (expected: CSV in UTF-8");
    execute("--hierarchy", directory.resolve("none").toString(), "--out", out.toString())
        .assertFailedWith(ExitCode.FAILED, "none: no such file");
  }

  @Test
  void aClassifierOfOtherClassesOrNoCheckpointIsTold() throws IOException {
    String source = file("h.csv", HIERARCHY);
    execute(
            "--hierarchy",
            source,
            "--classifier",
            file("c.csv", "1,0\n0,1\n"),
            "--out",
            out.toString())
        .assertFailedWith(
            ExitCode.FAILED,
            "c.csv: 2 classes (expected: 4, those of the source, in the same order)");
    execute(
            "--hierarchy",
            source,
            "--classifier",
            file("s.checkpoint", "no"),
            "--out",
            out.toString())
        .assertFailedWith(ExitCode.FAILED, "s.checkpoint: SHA-256 does not match");
  }

  @Test
  void wrongArgumentsAreWrongUsage() throws IOException {
    String source = file("h.csv", HIERARCHY);
    execute("--out", out.toString()).assertFailedWith(ExitCode.USAGE, "--hierarchy");
    execute("--hierarchy", source, "--vectors", source, "--out", out.toString())
        .assertFailedWith(ExitCode.USAGE, "mutually exclusive");
    execute("--hierarchy", source, "--weight", "0.5", "--out", out.toString())
        .assertFailedWith(ExitCode.USAGE, "--weight: 0.5 (expected: with --classifier only)");
    execute("--hierarchy", source, "--classifier", source, "--weight", "2", "--out", out.toString())
        .assertFailedWith(ExitCode.USAGE, "--weight: 2.0 (expected: 0..1)");
  }

  private void mix(String source, String classifier, String weight) {
    execute(
            "--hierarchy",
            source,
            "--classifier",
            classifier,
            "--weight",
            weight,
            "--out",
            out.toString())
        .assertOk();
  }

  private float[][] table() throws IOException {
    List<float[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(out)) {
      String[] cells = line.split(",", -1);
      float[] row = new float[cells.length];
      for (int i = 0; i < row.length; i++) {
        row[i] = Float.parseFloat(cells[i]);
      }
      rows.add(row);
    }
    return rows.toArray(float[][]::new);
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }

  private static Execution execute(String... arguments) {
    return Execution.ofCommand("similarity", arguments);
  }
}

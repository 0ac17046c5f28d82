package dev.mekiki.launcher.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  private static final List<String> CLASSES = List.of("apple", "a & b", "<i>sky");
  private static final int PICTURES = 10;

  @TempDir private static Path images;
  @TempDir private Path directory;

  @BeforeAll
  static void draw() throws IOException {
    Random random = new Random(7);
    for (int label = 0; label < CLASSES.size(); label++) {
      Path folder = Files.createDirectories(images.resolve(CLASSES.get(label)));
      for (int i = 0; i < PICTURES; i++) {
        ImageIO.write(picture(label, random), "png", folder.resolve(i + ".png").toFile());
      }
    }
    Files.writeString(images.resolve("apple/notes.txt"), "no picture");
    // A class without a picture is none.
    Files.writeString(Files.createDirectory(images.resolve("empty")).resolve("x"), "no picture");
  }

  @Test
  void everythingIsMeasuredAndReported() throws IOException {
    Path report = directory.resolve("deep/report.html");
    Path markdown = directory.resolve("report.md");
    Execution result =
        execute(
            "built-in",
            "--images",
            images.toString(),
            "--test-share",
            "0.2",
            "--report",
            report.toString(),
            "--markdown",
            markdown.toString(),
            "--json");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    JsonNode json = new JsonMapper().readTree(result.out());
    assertThat(json.get("network").get("bits").intValue()).isEqualTo(64);
    JsonNode retrieval = json.get("retrieval");
    assertThat(retrieval.get("queries").intValue()).isEqualTo(6);
    assertThat(retrieval.get("database").intValue()).isEqualTo(24);
    assertThat(retrieval.get("classes").intValue()).isEqualTo(3);
    assertThat(retrieval.get("map")).hasSize(3);
    JsonNode all = retrieval.get("map").get(2);
    // Pictures of three plain kinds: far better than chance.
    assertThat(all.get("value").doubleValue()).isBetween(0.6, 1.0);
    assertThat(retrieval.get("tie_averaged_map_at_all").doubleValue())
        .isBetween(all.get("min").doubleValue() - 1e-9, all.get("max").doubleValue() + 1e-9);
    assertThat(retrieval.get("radii")).hasSize(65);
    assertThat(retrieval.get("radii").get(64).get("recall").doubleValue()).isEqualTo(1);
    // Of the three, CIFAR-100 knows the apple.
    assertThat(retrieval.get("center_queries").intValue()).isEqualTo(2);
    assertThat(retrieval.get("best")).hasSize(3);
    assertThat(json.get("edits")).hasSize(1);
    assertThat(json.get("edits").get(0).get("pictures").intValue()).isEqualTo(6);
    assertThat(json.get("edits").get(0).get("radius").intValue()).isEqualTo(6);
    assertThat(json.get("edits").get(0).get("kinds")).hasSize(6);
    // The name of SVG is the only address: nothing is loaded.
    assertThat(Files.readString(report).replace("http://www.w3.org/2000/svg", ""))
        .contains("data:image/jpeg;base64,", "&lt;i&gt;sky", "a &amp; b")
        .doesNotContain("<i>", "http:", "https:", "<script");
    assertThat(Files.readString(markdown))
        .contains("## Mean average precision", "| ALL, ties averaged |", "6 queries against 24");
  }

  @Test
  void textShowsTheRadiiAskedFor() {
    Execution result =
        execute("built-in", "--images", images.toString(), "--radii", "3,64", "--edited", "0");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(result.out())
        .contains("3 queries against 27 images of 3 classes")
        .containsPattern("(?m)^3 +[01]\\.\\d{4} ")
        .containsPattern("(?m)^64 +[01]\\.\\d{4} ")
        .doesNotContain("How codes move");
  }

  @Test
  void picturesWithoutClassesAreEdited() {
    Execution result = execute("built-in", "--edits", images.resolve("apple").toString());

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(result.out())
        .contains("10 of the pictures without classes", "half size", "other pictures")
        .doesNotContain("Mean average precision");
  }

  @Test
  void aMissingOrInvalidBundleIsReportedInOneLine() throws IOException {
    String pictures = images.toString();
    Path text = Files.writeString(directory.resolve("text.mekiki"), "no bundle");
    failsWith("none.mekiki: no such file (expected: a bundle", "none.mekiki", "--edits", pictures);
    failsWith("no such file (expected: a bundle", pictures, "--images", pictures);
    failsWith("bundle " + text, text.toString(), "--images", pictures);
    failsWith("none: no such directory", "built-in", "--images", "none");
    failsWith("none: no such directory", "built-in", "--data", "none");
    failsWith("none: no such directory", "built-in", "--edits", "none");
    failsWith("train.bin: no such file", "built-in", "--data", pictures);
    failsWith(
        "has 0 directories (expected: at least 2",
        "built-in",
        "--images",
        images.resolve("apple").toString());
    failsWith("none of 1 files can be read", "built-in", "--edits", directory.toString());
    failsWith(
        "30 can be read, 0 of them as queries",
        "built-in",
        "--images",
        pictures,
        "--test-share",
        "0.01");
  }

  @Test
  void wrongArgumentsAreWrongUsage() {
    String pictures = images.toString();
    isWrongUsage("BUNDLE");
    isWrongUsage("pictures are missing", "built-in");
    isWrongUsage("--test-share: 1.5", "built-in", "--images", pictures, "--test-share", "1.5");
    isWrongUsage("--radii: 65 (expected: 0 to 64", "built-in", "--edits", pictures, "--radii=65");
    isWrongUsage("tie orders: 0", "built-in", "--images", pictures, "--tie-orders", "0");
    isWrongUsage("edited pictures: -1", "built-in", "--images", pictures, "--edited", "-1");
    isWrongUsage("mutually exclusive", "built-in", "--images", pictures, "--data", pictures);
  }

  private static void failsWith(String message, String... arguments) {
    Execution result = execute(arguments);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.FAILED);
    List<String> recorded =
        result.err().lines().filter(line -> line.startsWith("mekiki: ")).toList();
    assertThat(recorded).as(result.err()).hasSize(1);
    assertThat(recorded.getFirst()).contains(message).doesNotContain("Exception");
    assertThat(result.err()).doesNotContain("\tat ");
  }

  private static void isWrongUsage(String message, String... arguments) {
    Execution result = execute(arguments);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains(message);
  }

  /// Kinds of pictures that any network distinguishes: stripes, a disc, a slope.
  private static BufferedImage picture(int kind, Random random) {
    BufferedImage image = new BufferedImage(120, 90, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    int shift = random.nextInt(6);
    for (int x = 0; x < 120; x++) {
      int grey =
          switch (kind) {
            case 0 -> (x + shift) / 15 % 2 * 200 + 20;
            case 1 -> 230;
            default -> 2 * x;
          };
      graphics.setColor(new Color(grey, grey, grey));
      graphics.drawLine(x, 0, x, 90);
    }
    if (kind == 1) {
      graphics.setColor(Color.BLACK);
      graphics.fillOval(30 + shift, 15 + shift, 50, 50);
    }
    graphics.dispose();
    return image;
  }

  private static Execution execute(String... arguments) {
    return Execution.ofCommand("evaluate", arguments);
  }
}

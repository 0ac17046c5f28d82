package dev.mekiki.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mekiki.encoding.opencv.OpenCvLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;

class DuplicatesCommandTest {
  static {
    OpenCvLibrary.load();
  }

  @TempDir private Path directory;

  @Test
  void copiesAreFoundAndNoOtherPictureIs() throws IOException {
    Path images = pictures("images", 0, 4);
    Path others = pictures("others", 100, 8);

    JsonNode result =
        result("--images", images, "--distractors", others, "--edits", "unseen", "--in-process");

    assertThat(result.get("images").asInt()).isEqualTo(4);
    assertThat(result.get("distractors").asInt()).isEqualTo(8);
    assertThat(result.get("false_exact").asInt()).isZero();
    assertThat(result.get("false_duplicate").asInt()).isZero();
    assertThat(result.get("edits")).hasSize(12);
    assertThat(result.get("unseen_recall").asDouble()).isGreaterThan(0.8);
    for (JsonNode edit : result.get("edits")) {
      assertThat(edit.get("precision").asDouble()).isEqualTo(1);
    }
    for (String each :
        new String[] {"extraction_ms", "verification_ms", "look_up_ms", "bytes_per_image"}) {
      assertThat(result.get(each).asDouble()).as(each).isPositive();
    }
  }

  @Test
  void withoutLandmarksFewerCopiesAreFound() throws IOException {
    Path images = pictures("images", 0, 3);

    JsonNode result =
        result("--images", images, "--edits", "unseen", "--landmarks", "off", "--in-process");

    assertThat(result.get("unseen_recall").asDouble()).isLessThan(0.8);
    assertThat(result.get("candidates_per_arrival").asDouble()).isZero();
  }

  /// Two pictures of one thing pass for different ones: what is found of them is wrong, and shown.
  @Test
  void reportHasTablesAChartAndAPictureOfEachWrongPair() throws IOException {
    Path images = pictures("images", 0, 3);
    Path others = pictures("others", 100, 2);
    Files.copy(images.resolve("0.jpg"), others.resolve("again.jpg"));
    Path report = directory.resolve("report");

    JsonNode result =
        result(
            "--images",
            images,
            "--distractors",
            others,
            "--edits",
            "unseen",
            "--in-process",
            "--report",
            report);

    assertThat(result.get("false_exact").asInt()).isOne();
    int wrong = result.get("false_duplicate").asInt();
    // Once, however many copies of the one lead to the other; and that with a picture which has the
    // other as its background.
    assertThat(wrong).isEqualTo(2);
    assertThat(Files.readString(report.resolve("duplicates.md")))
        .contains("| `unseen_tint` | 97.0 % |", "| photo | 3 |", "| taken for copies | " + wrong);
    assertThat(Files.readString(report.resolve("duplicates.svg")))
        .startsWith("<svg")
        .contains("unseen_tint", "required", "PDQ alone")
        .endsWith("</svg>\n");
    assertThat(Files.readString(report.resolve("wrong.md")).lines()).hasSize(2 + wrong);
    for (int number = 1; number <= wrong; number++) {
      Mat pair = Imgcodecs.imread(report.resolve("wrong-%03d.png".formatted(number)).toString());
      assertThat(pair.cols()).isEqualTo(800);
      pair.release();
    }
    assertThat(new ObjectMapper().readTree(report.resolve("duplicates.json").toFile()))
        .isEqualTo(result);
  }

  @Test
  void copiesOfDrawnPicturesAreCountedByFamily() throws IOException {
    JsonNode result = result("--drawn", "8", "--edits", "unseen", "--sample", "2", "--in-process");

    assertThat(result.get("images").asInt()).isEqualTo(4);
    assertThat(result.get("families"))
        .extracting(family -> family.get("family").asText())
        .containsExactly("scene", "screenshot", "icon", "line_art");
    assertThat(result.get("families")).allMatch(family -> family.get("images").asInt() == 1);
  }

  @Test
  void editsMayBeNamed() throws IOException {
    Path images = pictures("images", 0, 2);

    JsonNode result =
        result(
            "--images", images, "--edits", "letterbox, mirror", "--strict", "on", "--in-process");

    assertThat(result.get("edits"))
        .extracting(edit -> edit.get("edit").asText())
        .containsExactly("letterbox", "mirror");
    assertThat(result.get("edits"))
        .allSatisfy(edit -> assertThat(edit.get("recall").asDouble()).isOne());
  }

  @Test
  void editThatThereIsNotIsRefused() throws IOException {
    Path images = pictures("images", 0, 1);

    assertThatThrownBy(
            () -> result("--images", images, "--edits", "letterbox,none", "--in-process"))
        .hasMessageContaining("--edits: 'none' (expected: all, known, unseen or some of jpeg20,");
  }

  @Test
  @EnabledIfSystemProperty(
      named = "mekiki.tests.long",
      matches = "true",
      disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
  void copiesAreFoundByTheProduct() throws IOException {
    Path images = pictures("images", 0, 3);
    Path others = pictures("others", 100, 5);

    JsonNode result = result("--images", images, "--distractors", others, "--edits", "unseen");

    assertThat(result.get("false_exact").asInt()).isZero();
    assertThat(result.get("false_duplicate").asInt()).isZero();
    assertThat(result.get("unseen_recall").asDouble()).isGreaterThan(0.75);
    for (String each :
        new String[] {
          "extraction_ms", "verification_ms", "bytes_per_image", "arrivals_per_second"
        }) {
      assertThat(result.get(each).asDouble()).as(each).isPositive();
    }
  }

  private static JsonNode result(Object... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of("duplicates"));
    for (Object argument : arguments) {
      line.add(argument.toString());
    }
    return Bench.run(line.toArray(String[]::new)).getFirst();
  }

  /// Drawn pictures, each another one.
  private Path pictures(String name, int seed, int count) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(name));
    for (int number = 0; number < count; number++) {
      SplittableRandom random = new SplittableRandom(seed + number);
      Mat picture = new Mat(300, 400, CvType.CV_8UC3, colour(random));
      for (int i = 0; i < 150; i++) {
        Point at = new Point(random.nextInt(400), random.nextInt(300));
        double size = Math.pow(2, random.nextDouble(3, 6.5));
        Imgproc.ellipse(
            picture,
            at,
            new Size(size, size * random.nextDouble(0.3, 1)),
            random.nextDouble(360),
            0,
            360,
            colour(random),
            Imgproc.FILLED,
            Imgproc.LINE_AA);
      }
      Imgcodecs.imwrite(folder.resolve(number + ".jpg").toString(), picture);
      picture.release();
    }
    return folder;
  }

  private static Scalar colour(SplittableRandom random) {
    return new Scalar(random.nextInt(256), random.nextInt(256), random.nextInt(256));
  }
}

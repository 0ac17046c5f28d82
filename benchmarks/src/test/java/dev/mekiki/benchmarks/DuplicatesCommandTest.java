package dev.mekiki.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.encoding.opencv.OpenCvLibrary;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;
import picocli.CommandLine;

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
        JsonMapper.builder()
            .build()
            .readTree(
                run("--images", images, "--distractors", others, "--edits", "unseen", "--json"));

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

    String output = run("--images", images, "--edits", "unseen", "--landmarks", "off", "--json");

    JsonNode result = JsonMapper.builder().build().readTree(output);
    assertThat(result.get("unseen_recall").asDouble()).isLessThan(0.8);
    assertThat(result.get("candidates_per_arrival").asDouble()).isZero();
  }

  private static String run(Object... arguments) {
    StringWriter out = new StringWriter();
    String[] line = new String[arguments.length + 1];
    line[0] = "duplicates";
    for (int i = 0; i < arguments.length; i++) {
      line[i + 1] = arguments[i].toString();
    }
    int exitCode =
        new CommandLine(new BenchCommand()).setOut(new PrintWriter(out, true)).execute(line);
    assertThat(exitCode).isZero();
    return out.toString();
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

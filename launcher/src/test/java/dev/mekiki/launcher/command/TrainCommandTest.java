package dev.mekiki.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  private static final List<String> CLASSES = List.of("red", "green", "<i>blue");
  private static final List<Color> COLOURS = List.of(Color.RED, Color.GREEN, Color.BLUE);

  @TempDir private static Path images;
  @TempDir private Path directory;

  @BeforeAll
  static void draw() throws Exception {
    Random random = new Random(3);
    for (int label = 0; label < CLASSES.size(); label++) {
      Path folder = Files.createDirectories(images.resolve(CLASSES.get(label)));
      for (int i = 0; i < 10; i++) {
        BufferedImage picture = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(COLOURS.get(label));
        graphics.fillRect(random.nextInt(20), random.nextInt(20), 20, 20);
        graphics.dispose();
        ImageIO.write(picture, "png", folder.resolve(i + ".png").toFile());
      }
    }
  }

  @Test
  void picturesBecomeABundleForEachLengthAndAReport() throws Exception {
    Path report = directory.resolve("deep/report.html");
    Path markdown = directory.resolve("report.md");

    JsonNode json =
        Execution.ofCommand(
                "train",
                "--images",
                images.toString(),
                "--bits",
                "16,32",
                "--epochs",
                "2",
                "--hash-epochs",
                "1",
                "--seeds",
                "2",
                "--out",
                directory.resolve("tiny.mekiki").toString(),
                "--report",
                report.toString(),
                "--markdown",
                markdown.toString(),
                "--json")
            .json();

    assertThat(json.get("results")).hasSize(2);
    assertThat(directory.resolve("tiny-16.mekiki")).exists();
    assertThat(directory.resolve("tiny-32.mekiki")).exists();
    assertThat(directory.resolve("tiny.mekiki.checkpoints/hash-16-seed-2.checkpoint")).exists();
    assertThat(Files.readString(markdown))
        .contains(
            "--seeds 2",
            "3 test images against 27 training images",
            "2 seeds)",
            "## Which hash length the data deserves",
            "| classifier | 2 |",
            "| hash, 32 bits, seed 2 | 1 |");
    assertThat(Files.readString(report))
        .contains("data:image/png;base64,", "&lt;i&gt;blue", "<svg")
        .doesNotContain("<i>", "https:", "<script");
  }

  @Test
  void noSeedsAreRefused() {
    Execution.ofCommand(
            "train", "--images", images.toString(), "--seeds", "0", "--out", directory + "/x")
        .assertFailedWith(ExitCode.FAILED, "training: seeds: 0 (expected: at least 1)");
  }
}

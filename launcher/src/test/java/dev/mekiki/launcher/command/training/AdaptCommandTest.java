package dev.mekiki.launcher.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import dev.mekiki.launcher.command.BrokenPicture;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdaptCommandTest {
  @TempDir private static Path images;
  @TempDir private Path directory;

  @BeforeAll
  static void draw() throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 10; i++) {
      BufferedImage picture = new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = picture.createGraphics();
      for (int box = 0; box < 6; box++) {
        graphics.setColor(new Color(random.nextInt(1 << 24)));
        graphics.fillRect(random.nextInt(50), random.nextInt(30), 20, 20);
      }
      graphics.dispose();
      ImageIO.write(picture, "png", images.resolve(i + ".png").toFile());
    }
  }

  @Test
  void bundleIsAdaptedAndMeasuredOnImagesHeldOut() throws Exception {
    Path out = directory.resolve("mine.mekiki");

    JsonNode json =
        Execution.ofCommand(
                "adapt",
                "built-in",
                "--images",
                images.toString(),
                "--keep",
                images.toString(),
                "--steps",
                "2",
                "--views",
                "whole,trimmed-6",
                "--out",
                out.toString(),
                "--json")
            .json();

    Bundle adapted = Bundle.read(out);
    assertThat(json.get("network").asText()).isEqualTo(adapted.networkId());
    assertThat(json.get("from").asText()).isEqualTo(Bundle.builtIn().networkId());
    assertThat(json.get("images").asInt()).isEqualTo(8);
    assertThat(json.get("kept").asInt()).isEqualTo(10);
    for (String when : new String[] {"before", "after"}) {
      assertThat(json.at("/" + when + "/pictures").asInt()).isEqualTo(2);
      assertThat(json.at("/" + when + "/kinds")).hasSize(6);
    }
    assertThat(adapted.manifest().preprocessing().views())
        .containsExactly(View.WHOLE, View.TRIMMED_6);
    assertThat(adapted.manifest().training().command())
        .isEqualTo(
            "mekiki adapt built-in --images %s --keep %s --steps 2 --seed 1 --views whole,trimmed-6"
                .formatted(images, images));
  }

  @Test
  void tableShowsDistancesBeforeAndAfter() {
    Execution execution =
        Execution.ofCommand(
            "adapt",
            "built-in",
            "--images",
            images.toString(),
            "--steps",
            "1",
            "--out",
            directory.resolve("mine.mekiki").toString());

    assertThat(execution.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(execution.out())
        .contains("images learnt from  8", "of 2 images held out", "copies within 6", "5 % crop");
  }

  @Test
  void whatCannotBeAdaptedToIsRefused() throws Exception {
    assertRefused("--images none: no such directory (expected: one with images)", "none");
    Path few = Files.createDirectory(directory.resolve("few"));
    Files.copy(images.resolve("0.png"), few.resolve("0.png"));
    assertRefused("has 1 images (expected: at least 5", few.toString());
    for (int i = 0; i < 5; i++) {
      BrokenPicture.write(few.resolve("bad" + i + ".png"));
    }
    Files.delete(few.resolve("0.png"));
    assertRefused("can be read (expected: at least 1 JPEG", few.toString());
    assertRefused("steps: 0 (expected: at least 1)", images.toString(), "--steps", "0");
    assertRefused(
        "--keep none: no such directory (expected: one with images)",
        images.toString(),
        "--keep",
        "none");
  }

  private void assertRefused(String message, String from, String... options) {
    String[] all = new String[5 + options.length];
    all[0] = "built-in";
    all[1] = "--images";
    all[2] = from;
    all[3] = "--out";
    all[4] = directory.resolve("x.mekiki").toString();
    System.arraycopy(options, 0, all, 5, options.length);
    Execution.ofCommand("adapt", all).assertFailedWith(ExitCode.FAILED, message);
    assertThat(directory.resolve("x.mekiki")).doesNotExist();
  }
}

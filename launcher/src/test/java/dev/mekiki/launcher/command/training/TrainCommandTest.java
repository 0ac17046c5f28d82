package dev.mekiki.launcher.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir private static Path images;
  @TempDir private Path directory;

  @BeforeAll
  static void draw() throws Exception {
    ColouredBoxes.draw(images);
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
                "--views",
                "whole,trimmed-12-mirrored",
                "--consistency-epoch-share",
                "0.5",
                "--label-noise",
                "0.2,0.4",
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
    assertThat(directory.resolve("tiny.mekiki.checkpoints/similarity.checkpoint")).exists();
    assertThat(json.get("label_noise"))
        .extracting(one -> one.get("share").asDouble(), one -> one.get("bits").asInt())
        .containsExactly(tuple(0.0, 16), tuple(0.2, 16), tuple(0.4, 16));
    assertThat(directory.resolve("tiny.mekiki.checkpoints/label-noise-0.4/hash-16.checkpoint"))
        .exists();
    assertThat(Files.readString(markdown))
        .contains(
            "--seeds 2 --consistency-epoch-share 0.5 --label-noise 0.2,0.4 --views whole,trimmed-12-mirrored",
            "## Wrong labels",
            "| label noise 0.4, hash, 16 bits, seed 1 | 1 |",
            "3 test images against 27 training images",
            "2 seeds)",
            "## Which hash length the data deserves",
            "| classifier | 2 |",
            "| hash, 32 bits, seed 2 | 1 |");
    assertThat(Files.readString(report))
        .contains(
            "data:image/png;base64,", "&lt;i&gt;blue", "<svg", "Quality over wrong labels, 16 bits")
        .doesNotContain("<i>", "https:", "<script");
  }

  @Test
  void backboneOfOnesOwnBecomesABundleThatEncodes() throws Exception {
    Path bundle = directory.resolve("own.mekiki");
    Path markdown = directory.resolve("report.md");
    Path backbone = mobileNet();

    JsonNode json =
        Execution.ofCommand(
                "train",
                "--images",
                images.toString(),
                "--backbone",
                backbone.toString(),
                "--side",
                "32",
                "--device",
                "cpu",
                "--bits",
                "16",
                "--epochs",
                "2",
                "--hash-epochs",
                "2",
                "--fine-tune",
                "1",
                "--out",
                bundle.toString(),
                "--markdown",
                markdown.toString(),
                "--json")
            .json();

    assertThat(json.get("results")).hasSize(1);
    assertThat(Bundle.read(bundle).manifest().training().command())
        .contains(
            "--backbone " + backbone + " --side 32", "--epochs 2 --hash-epochs 2 --fine-tune 1");
    assertThat(Files.readString(markdown))
        .contains("| classifier | 2 |", "| hash, 16 bits, seed 1, fine-tuned | 1 |");
    Path checkpoints = directory.resolve("own.mekiki.checkpoints");
    assertThat(checkpoints.resolve("hash-16.checkpoint")).exists();
    assertThat(checkpoints.resolve("hash-16-fine-tuned.checkpoint")).exists();
    try (Stream<Path> kept = Files.list(checkpoints)) {
      assertThat(kept.filter(file -> file.toString().endsWith(".features"))).hasSize(5);
    }
    try (ImageEncoder encoder =
        ImageEncoder.open(Bundle.read(bundle), EncoderSettings.defaults())) {
      byte[] picture = Files.readAllBytes(images.resolve("red/0.png"));
      assertThat(encoder.encode(List.of(encoder.prepare(picture))).getFirst().code().bits())
          .isEqualTo(16);
    }
  }

  private static Path mobileNet() {
    String configured = System.getenv("MEKIKI_SHARED");
    Path shared =
        configured != null
            ? Path.of(configured)
            : Path.of(System.getProperty("mekiki.root", "..")).resolve("../shared").normalize();
    Path file = shared.resolve("models/mobilenet_v2_imagenet_features.pt");
    assumeTrue(Files.exists(file), () -> "skipped: no " + file + " (set MEKIKI_SHARED)");
    return file;
  }

  @Test
  void backboneThatIsNotThereIsRefused() {
    assertRefused("--backbone none.pt: no such file (expected: small", "--backbone", "none.pt");
  }

  @Test
  void backboneThatIsNoTorchScriptIsRefused() throws Exception {
    Path words = Files.writeString(directory.resolve("words.pt"), "hello");

    assertRefused("words.pt: ", "--backbone", words.toString(), "--side", "32");
  }

  @Test
  void sidesOutOfRangeAreRefused() throws Exception {
    Path words = Files.writeString(directory.resolve("words.pt"), "hello");

    assertRefused("side: 7 (expected: 8..1024)", "--backbone", words.toString(), "--side", "7");
  }

  @Test
  void devicesThatAreNotThereAreRefused() {
    assertRefused("device: gpu:99 (expected: auto", "--device", "gpu:99");
    assertRefused("device: 'tpu' (expected: auto, cpu or gpu:N)", "--device", "tpu");
  }

  private void assertRefused(String message, String... options) {
    String[] all =
        Stream.concat(
                Stream.of("--images", images.toString(), "--out", directory + "/x"),
                Stream.of(options))
            .toArray(String[]::new);
    Execution.ofCommand("train", all).assertFailedWith(ExitCode.FAILED, "training: ", message);
  }

  @Test
  void viewsThatDoNotFitAreRefused() {
    Execution.ofCommand("train", "--images", images.toString(), "--views", "whole,half")
        .assertFailedWith(
            ExitCode.USAGE, "--views", "'half' (expected: whole, mirrored, smoothed, trimmed-6,");
    Execution.ofCommand(
            "train", "--images", images.toString(), "--views", "whole", "--backbone", "x.pt")
        .assertFailedWith(
            ExitCode.USAGE, "--views: with a backbone (expected: with --backbone small only)");
  }

  @Test
  void labelNoiseOutOfRangeIsRefused() {
    Execution.ofCommand("train", "--images", images.toString(), "--label-noise", "0,0.1")
        .assertFailedWith(ExitCode.USAGE, "label noise: 0.0 (expected: above 0 to 1)");
  }

  @Test
  void fineTuningWithoutABackboneIsRefused() {
    Execution.ofCommand("train", "--images", images.toString(), "--fine-tune", "1")
        .assertFailedWith(
            ExitCode.USAGE, "--fine-tune: without a backbone (expected: with --backbone FILE.pt)");
  }

  @Test
  void editConsistencyThatDoesNotFitIsRefused() {
    Execution.ofCommand(
            "train",
            "--images",
            images.toString(),
            "--no-edit-consistency",
            "--consistency-epoch-share",
            "1")
        .assertFailedWith(
            ExitCode.USAGE,
            "--consistency-epoch-share: with --no-edit-consistency",
            "one of the two");
    Execution.ofCommand(
            "train",
            "--images",
            images.toString(),
            "--no-edit-consistency",
            "--consistency-weight",
            "1")
        .assertFailedWith(ExitCode.USAGE, "--consistency-weight: with --no-edit-consistency");
    assertRefused(
        "training: consistency epoch share: 0.0 (expected: above 0, to 1)",
        "--consistency-epoch-share",
        "0");
    assertRefused("weight of a part of the loss: -1.0", "--consistency-weight", "-1");
  }

  @Test
  void noSeedsAreRefused() {
    Execution.ofCommand(
            "train", "--images", images.toString(), "--seeds", "0", "--out", directory + "/x")
        .assertFailedWith(ExitCode.FAILED, "training: seeds: 0 (expected: at least 1)");
  }
}

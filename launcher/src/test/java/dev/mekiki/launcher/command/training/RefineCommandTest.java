package dev.mekiki.launcher.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefineCommandTest {
  @TempDir private static Path directory;

  private static Path images;
  private static Path trained;

  @BeforeAll
  static void train() throws Exception {
    images = directory.resolve("images");
    trained = directory.resolve("trained.mekiki");
    ColouredBoxes.draw(images);
    Execution.ofCommand(
            "train",
            "--images",
            images.toString(),
            "--bits",
            "16",
            "--epochs",
            "1",
            "--hash-epochs",
            "1",
            "--out",
            trained.toString(),
            "--json")
        .json();
  }

  @Test
  void bundleIsTrainedFurtherWithCheckpoints() throws Exception {
    Path out = directory.resolve("longer.mekiki");
    String[] command = {
      trained.toString(),
      "--images",
      images.toString(),
      "--epochs",
      "2",
      "--peak-rate",
      "0.01",
      "--bits-weight",
      "4",
      "--steady-share",
      "0.5",
      "--consistency-weight",
      "4",
      "--out",
      out.toString()
    };

    JsonNode json = Execution.ofCommand("refine", with(command, "--json")).json();

    Bundle refined = Bundle.read(out);
    Bundle before = Bundle.read(trained);
    assertThat(json.get("network").asText()).isEqualTo(refined.networkId());
    assertThat(json.get("from").asText()).isEqualTo(before.networkId());
    assertThat(json.at("/after/map_at_all").asDouble()).isPositive();
    assertThat(refined.centers()).isEqualTo(before.centers());
    assertThat(refined.manifest().training().command())
        .isEqualTo(
            "mekiki refine %s --images %s --epochs 2 --peak-rate 0.01 --bits-weight 4.0 --consistency-epoch-share 0.5 --consistency-weight 4.0 --seed 1"
                .formatted(trained, images));
    assertThat(refined.manifest().training().settings())
        .containsEntry("refinement_1_bits_weight", "4.0")
        .containsEntry("refinement_1_consistency_weight", "4.0");
    assertThat(directory.resolve("longer.mekiki.checkpoints/refined-16.checkpoint")).exists();
    Execution.ofCommand("refine", command)
        .assertFailedWith(
            ExitCode.FAILED, "there already (expected: none; --resume goes on from it)");
    Execution again = Execution.ofCommand("refine", with(command, "--resume"));
    assertThat(again.exitCode()).as(again.err()).isEqualTo(ExitCode.OK);
    assertThat(again.out()).contains("refined from", before.networkId(), refined.networkId());
  }

  @Test
  void whatDoesNotFitIsRefused() throws Exception {
    assertRefused("bundle: none.mekiki: no such file", "none.mekiki", images);
    assertRefused("refine: class '<i>blue': no center of that name", "built-in", images);
    assertRefused("--images", trained.toString(), directory.resolve("none"));
    assertRefused("epochs: 0 (expected: >= 1)", trained.toString(), images, "--epochs", "0");
    assertRefused("peak rate: -1.0", trained.toString(), images, "--peak-rate", "-1");
    assertRefused(
        "weight of a part of the loss: -2.0", trained.toString(), images, "--bits-weight", "-2");
    assertRefused("device: 'tpu' (expected", trained.toString(), images, "--device", "tpu");
    Execution.ofCommand("refine", "built-in")
        .assertFailedWith(ExitCode.USAGE, "--data", "--images");
    assertThat(Files.exists(directory.resolve("x.mekiki"))).isFalse();
  }

  private static void assertRefused(String message, String bundle, Path from, String... options) {
    Execution.ofCommand(
            "refine",
            with(
                new String[] {
                  bundle,
                  "--images",
                  from.toString(),
                  "--out",
                  directory.resolve("x.mekiki").toString()
                },
                options))
        .assertFailedWith(ExitCode.FAILED, message);
  }

  private static String[] with(String[] command, String... more) {
    return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
  }
}

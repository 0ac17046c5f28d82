package dev.mekiki.training.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Networks in the folder of shared data: `$MEKIKI_SHARED`, else `../shared` beside the
/// repository's root. A test that needs one is skipped where it is not there.
public final class SharedModels {
  private SharedModels() {}

  /// TorchScript of a MobileNetV2 without its last layer.
  public static Path mobileNet() {
    String configured = System.getenv("MEKIKI_SHARED");
    Path shared =
        configured != null
            ? Path.of(configured)
            : Path.of(System.getProperty("mekiki.root", "..")).resolve("../shared").normalize();
    Path file = shared.resolve("models/mobilenet_v2_imagenet_features.pt");
    Assumptions.assumeTrue(
        Files.exists(file), () -> "skipped: no " + file + " (set MEKIKI_SHARED)");
    return file;
  }
}

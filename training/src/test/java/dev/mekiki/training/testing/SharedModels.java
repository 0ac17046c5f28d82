package dev.mekiki.training.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Networks and data sets in the folder of shared data: `$MEKIKI_SHARED`, else `../shared` beside
/// the repository's root. A test that needs one is skipped where it is not there.
public final class SharedModels {
  private SharedModels() {}

  /// TorchScript of a MobileNetV2 without its last layer.
  public static Path mobileNet() {
    return file("models/mobilenet_v2_imagenet_features.pt");
  }

  /// The test pictures of CIFAR-100.
  public static Path cifar100() {
    return file("data/cifar-100/test.bin.gz");
  }

  private static Path file(String name) {
    String configured = System.getenv("MEKIKI_SHARED");
    Path shared =
        configured != null
            ? Path.of(configured)
            : Path.of(System.getProperty("mekiki.root", "..")).resolve("../shared").normalize();
    Path file = shared.resolve(name);
    Assumptions.assumeTrue(
        Files.exists(file), () -> "skipped: no " + file + " (set MEKIKI_SHARED)");
    return file;
  }
}

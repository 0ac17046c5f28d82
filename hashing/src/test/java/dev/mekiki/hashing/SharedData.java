package dev.mekiki.hashing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Data sets that lie beside the repository and are not part of it.
public final class SharedData {
  private SharedData() {}

  /// The path of a file or folder under `data`; skips the calling test where it is absent.
  ///
  /// The folder is `$MEKIKI_SHARED`, else `../shared` beside the repository root.
  public static Path data(String name) {
    String configured = System.getenv("MEKIKI_SHARED");
    Path shared =
        configured != null
            ? Path.of(configured)
            : Path.of(System.getProperty("mekiki.root", "..")).resolve("../shared").normalize();
    Path path = shared.resolve("data").resolve(name);
    Assumptions.assumeTrue(
        Files.exists(path),
        () -> "skipped: no " + path + " (set MEKIKI_SHARED to a folder with data/" + name + ")");
    return path;
  }
}

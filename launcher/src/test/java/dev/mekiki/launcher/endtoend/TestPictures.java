package dev.mekiki.launcher.endtoend;

import dev.mekiki.samples.SampleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Pictures to test with: real photos where they lie beside the repository, else drawn scenes.
final class TestPictures {
  private TestPictures() {}

  /// @param originals how many; copies come on top
  /// @param from which of them to begin with, so that tests on one index do not share pictures
  static SampleSet photos(int from, int originals) throws IOException {
    Path directory = sharedDirectory().resolve("data").resolve("photos");
    if (!Files.isDirectory(directory)) {
      System.err.printf("no photos at %s: drawn scenes stand in for them%n", directory);
      return SampleSet.drawn(originals);
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> chosen = files.sorted().skip(from).limit(originals).toList();
      return SampleSet.ofFiles(directory, chosen);
    }
  }

  /// Whether they are photos: what landmarks find in drawn scenes is another matter.
  static boolean arePhotos() {
    return Files.isDirectory(sharedDirectory().resolve("data").resolve("photos"));
  }

  private static Path sharedDirectory() {
    String shared = System.getenv("MEKIKI_SHARED");
    if (shared != null) {
      return Path.of(shared);
    }
    Path root = Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"));
    return root.resolveSibling("shared");
  }
}

package dev.mekiki.launcher.endtoend;

import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

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

  /// Files of {@link #photos} without their copies.
  static List<byte[]> originals(int from, int count) throws IOException {
    SampleSet set = photos(from, count);
    List<byte[]> originals = new ArrayList<>();
    for (SamplePicture picture : set.pictures()) {
      if (picture.variant().equals("original")) {
        originals.add(set.bytes(picture));
      }
    }
    return originals;
  }

  /// The picture in a file.
  static BufferedImage picture(byte[] file) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(file));
  }

  /// A picture as a JPEG file.
  static byte[] file(BufferedImage picture) throws IOException {
    BufferedImage copy =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = copy.createGraphics();
    canvas.drawImage(picture, 0, 0, null);
    canvas.dispose();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(copy, "jpg", file);
    return file.toByteArray();
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

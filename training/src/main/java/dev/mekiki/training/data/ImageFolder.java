package dev.mekiki.training.data;

import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.preprocess.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.opencv.core.Mat;
import org.opencv.imgproc.Imgproc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A user's own pictures: a directory with one directory for each class, named after it, with the
/// pictures of the class in it or below it.
public final class ImageFolder {
  private static final Logger log = LoggerFactory.getLogger(ImageFolder.class);

  private ImageFolder() {}

  /// All pictures below a directory, resized to a square as the encoder does it. Files that are no
  /// pictures are left out with a warning each, and so are classes without a picture; classes and
  /// files come in the order of their names.
  ///
  /// @param preprocessing of the network that reads them
  /// @throws IOException where it cannot be read, or has fewer than two classes with pictures
  public static LabelledImages read(Path directory, Preprocessing preprocessing)
      throws IOException {
    int side = preprocessing.inputSize();
    List<ClassFiles> classes = classes(directory);
    EncoderSettings limits = EncoderSettings.defaults();
    ImageDecoder decoder = new ImageDecoder(limits.maxBytes(), limits.maxPixels());
    List<String> names = new ArrayList<>();
    List<byte[]> pixels = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (ClassFiles classFiles : classes) {
      for (Path file : classFiles.files()) {
        try (DecodedImage image = decoder.decode(Files.readAllBytes(file))) {
          pixels.add(resized(image.bgr(), preprocessing));
          labels.add(names.size());
        } catch (BadImageException e) {
          log.warn("left out file={} reason={} message={}", file, e.reason(), e.getMessage());
        }
      }
      long count = labels.stream().filter(label -> label == names.size()).count();
      if (count == 0) {
        log.warn("left out class={} reason=no-pictures", classFiles.name());
        continue;
      }
      if (count == 1) {
        log.warn(
            "class={} has one picture: it is learnt, but cannot be measured", classFiles.name());
      }
      names.add(classFiles.name());
    }
    if (names.size() < 2) {
      throw new IOException(
          "images: %s has %d classes with pictures (expected: at least 2)"
              .formatted(directory, names.size()));
    }
    return new LabelledImages(
        "pictures in " + directory.getFileName(),
        side,
        names,
        pixels,
        labels.stream().mapToInt(Integer::intValue).toArray());
  }

  /// The classes of a directory and the files of each, pictures or not, both in the order of their
  /// names.
  ///
  /// @throws IOException where it cannot be read, or has fewer than two directories
  public static List<ClassFiles> classes(Path directory) throws IOException {
    List<Path> directories = directories(directory);
    if (directories.size() < 2) {
      throw new IOException(
          "images: %s has %d directories (expected: at least 2, one for each class)"
              .formatted(directory, directories.size()));
    }
    List<ClassFiles> classes = new ArrayList<>();
    for (Path one : directories) {
      classes.add(new ClassFiles(String.valueOf(one.getFileName()), files(one)));
    }
    return classes;
  }

  /// One class of a user's own pictures.
  ///
  /// @param name its directory's
  /// @param files in it and below it
  public record ClassFiles(String name, List<Path> files) {
    public ClassFiles {
      files = List.copyOf(files);
    }
  }

  private static List<Path> directories(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static byte[] resized(Mat bgr, Preprocessing preprocessing) {
    int side = preprocessing.inputSize();
    Mat small = new Mat();
    try {
      preprocessing.resizing().resize(bgr, small, side);
      Imgproc.cvtColor(small, small, Imgproc.COLOR_BGR2RGB);
      byte[] pixels = new byte[side * side * 3];
      small.get(0, 0, pixels);
      return pixels;
    } finally {
      small.release();
    }
  }
}

package dev.mekiki.training.evaluation;

import dev.mekiki.training.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One picture to measure with. Its bytes are read when they are needed: a folder may be larger
/// than memory.
///
/// @param name for people, such as the path below the folder
/// @param content where its bytes are
public record PictureFile(String name, Content content) {
  /// Where the bytes of an image file are.
  @FunctionalInterface
  public interface Content {
    /// An image file, whole.
    byte[] bytes() throws IOException;
  }

  /// A file of a directory, named by its path below it.
  public static PictureFile of(Path directory, Path file) {
    return new PictureFile(directory.relativize(file).toString(), () -> Files.readAllBytes(file));
  }

  /// A PNG file for each picture, named by the part of the data and its number in it.
  public static List<PictureFile> of(String part, LabelledImages images) {
    return IntStream.range(0, images.size())
        .mapToObj(i ->
            new PictureFile(
                part + " " + i, () -> Pixels.png(images.pixels().get(i), images.side())))
        .toList();
  }

  /// Every file in a directory and below it, in the order of their names, pictures or not.
  ///
  /// @throws IOException where it cannot be read, or holds no file
  public static List<PictureFile> below(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      List<PictureFile> files =
          paths.filter(Files::isRegularFile).sorted().map(file -> of(directory, file)).toList();
      if (files.isEmpty()) {
        throw new IOException(
            "pictures: %s has no files (expected: pictures)".formatted(directory));
      }
      return files;
    }
  }
}

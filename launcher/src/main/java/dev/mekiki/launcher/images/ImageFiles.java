package dev.mekiki.launcher.images;

import dev.mekiki.encoding.decode.ImageFormat;
import dev.mekiki.encoding.decode.UnsupportedFormat;
import dev.mekiki.runtime.StartException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The image files among what a user named. A file's first bytes decide, not its name. No file is
/// dropped silently: it is either an image or left out with a reason. Only hidden files, and those
/// of hidden directories below a named one, are not looked at.
///
/// @param images in the order named, those of a directory by path
/// @param leftOut all other files
public record ImageFiles(List<Named> images, List<LeftOut> leftOut) {
  /// The formats that are taken, for messages.
  public static final String FORMATS = ImageFormat.ALL;

  public ImageFiles {
    images = List.copyOf(images);
    leftOut = List.copyOf(leftOut);
  }

  /// One file and its image id.
  ///
  /// @param id the path relative to the directory named, with `/` between its parts; of a file
  ///   named itself: its path as written without a leading `/`
  public record Named(Path file, String id) {}

  /// All files of a list.
  ///
  /// @param paths files and directories
  /// @throws StartException where a path does not exist
  public static ImageFiles find(List<Path> paths) throws IOException {
    List<Named> images = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        for (Path file : filesBelow(path, leftOut)) {
          sort(new Named(file, slashes(path.relativize(file))), images, leftOut);
        }
      } else if (Files.exists(path)) {
        Path named = path.normalize();
        String id = slashes(named.isAbsolute() ? named.getRoot().relativize(named) : named);
        sort(new Named(path, id), images, leftOut);
      } else {
        throw new StartException(
            "images: '%s' does not exist (expected: a file or a directory)".formatted(path));
      }
    }
    return new ImageFiles(images, leftOut);
  }

  /// The files of {@link #images}.
  public List<Path> files() {
    return images.stream().map(Named::file).toList();
  }

  private static void sort(Named named, List<Named> images, List<LeftOut> leftOut) {
    problem(named.file()).ifPresentOrElse(leftOut::add, () -> images.add(named));
  }

  private static Optional<LeftOut> problem(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.of(
          new LeftOut(file, "not a regular file", "expected: a file, or a link to one"));
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(UnsupportedFormat.HEAD_BYTES);
    } catch (IOException e) {
      return Optional.of(LeftOut.unreadable(file, e));
    }
    if (ImageFormat.of(head).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        UnsupportedFormat.of(head, String.valueOf(file.getFileName()))
            .map(format ->
                new LeftOut(file, "unsupported format " + format.label(), "expected: " + FORMATS))
            .orElseGet(() ->
                new LeftOut(
                    file, LeftOut.NOT_AN_IMAGE, head.length == 0 ? "the file is empty" : "")));
  }

  private static List<Path> filesBelow(Path directory, List<LeftOut> leftOut) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return !path.equals(directory) && isHidden(path)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!isHidden(file)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) {
            leftOut.add(LeftOut.unreadable(path, e));
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(Comparator.naturalOrder());
    return found;
  }

  private static boolean isHidden(Path path) {
    return String.valueOf(path.getFileName()).startsWith(".");
  }

  private static String slashes(Path path) {
    return path.toString().replace(File.separatorChar, '/');
  }
}

package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Picture files in memory.
///
/// @param files their bytes
record Pictures(List<byte[]> files) {
  private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp");
  private static final int MAX_PICTURES = 10_000;
  private static final long MAX_BYTES = 2L << 30;

  /// The pictures of a directory and those below it.
  ///
  /// @throws StartException if there are none, or too many to hold
  static Pictures read(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new StartException(
          "--images: '%s' is not a directory (expected: one with pictures)".formatted(directory));
    }
    List<Path> paths;
    try (Stream<Path> all = Files.walk(directory)) {
      paths = all.filter(Pictures::isPicture).sorted().limit(MAX_PICTURES).toList();
    }
    List<byte[]> files = new ArrayList<>();
    long bytes = 0;
    for (Path path : paths) {
      bytes += Files.size(path);
      if (bytes > MAX_BYTES) {
        throw new StartException(
            "--images: '%s' has pictures of more than %d MiB (expected: less, they are kept in memory)"
                .formatted(directory, MAX_BYTES >> 20));
      }
      files.add(Files.readAllBytes(path));
    }
    return new Pictures(files).nonEmpty(directory);
  }

  /// The same without pictures that the encoder refuses.
  Pictures encodable(ImageEncoder encoder) {
    return new Pictures(files.stream().filter(file -> isEncodable(encoder, file)).toList());
  }

  byte[] get(int number) {
    return files.get(number % files.size());
  }

  int size() {
    return files.size();
  }

  Pictures nonEmpty(Object directory) {
    if (files.isEmpty()) {
      throw new StartException(
          "--images: '%s' holds no picture (expected: %s)".formatted(directory, ENDINGS));
    }
    return this;
  }

  private static boolean isEncodable(ImageEncoder encoder, byte[] file) {
    try {
      return encoder.prepare(file).width() > 0;
    } catch (BadImageException e) {
      return false;
    }
  }

  private static boolean isPicture(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return Files.isRegularFile(path) && ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
  }
}

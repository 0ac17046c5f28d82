package dev.mekiki.encoding.opencv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import nu.pattern.OpenCV;
import org.opencv.core.Core;

/// OpenCV's native library. Load it before the first call into OpenCV.
public final class OpenCvLibrary {
  static {
    loadOpenCv();
    // Images are prepared in parallel on all cores; threads within one image would only contend.
    Core.setNumThreads(1);
  }

  /// The files that this process has mapped, a line each, with the path last.
  private static final Path MAPPINGS = Path.of("/proc/self/maps");

  private OpenCvLibrary() {}

  /// Loads the library at the first call; later calls do nothing.
  public static void load() {
    // The static initialiser has loaded it.
  }

  /// Where the loaded library lies, so that other processes need not unpack it again; empty where
  /// Linux does not say.
  public static Optional<Path> directory() {
    load();
    String file = System.mapLibraryName(Core.NATIVE_LIBRARY_NAME);
    try (Stream<String> mappings = Files.lines(MAPPINGS)) {
      return mappings
          .filter(line -> line.endsWith("/" + file))
          .findFirst()
          .map(line -> Path.of(line.substring(line.indexOf('/'))).getParent());
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /// Loads from `java.library.path` if the library is there, as in the container image. Otherwise
  /// from the jar, which unpacks it at every start.
  @SuppressWarnings("restricted") // every JVM of ours is started with native access
  private static void loadOpenCv() {
    try {
      System.loadLibrary(Core.NATIVE_LIBRARY_NAME);
    } catch (UnsatisfiedLinkError e) {
      OpenCV.loadLocally();
    }
  }
}

package dev.mekiki.encoding.opencv;

import nu.pattern.OpenCV;
import org.opencv.core.Core;

/// OpenCV's native library. Load it before the first call into OpenCV.
public final class OpenCvLibrary {
  static {
    loadOpenCv();
    // Images are prepared in parallel on all cores; threads within one image would only contend.
    Core.setNumThreads(1);
  }

  private OpenCvLibrary() {}

  /// Loads the library at the first call; later calls do nothing.
  public static void load() {
    // The static initialiser has loaded it.
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

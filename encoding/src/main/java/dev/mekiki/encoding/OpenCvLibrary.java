package dev.mekiki.encoding;

import nu.pattern.OpenCV;
import org.opencv.core.Core;

/// OpenCV's native code, which nothing of it works without.
public final class OpenCvLibrary {
  static {
    loadOpenCv();
    // Pictures are prepared beside each other on all cores; threads within one would only contend.
    Core.setNumThreads(1);
  }

  private OpenCvLibrary() {}

  /// Loads it on the first call, and does nothing on others.
  public static void load() {
    // The class's initialiser has done it.
  }

  /// From `java.library.path` where it lies there, as in the container image; else the jar's own,
  /// which is unpacked at every start.
  @SuppressWarnings("restricted") // every JVM of ours is started with native access
  private static void loadOpenCv() {
    try {
      System.loadLibrary(Core.NATIVE_LIBRARY_NAME);
    } catch (UnsatisfiedLinkError e) {
      OpenCV.loadLocally();
    }
  }
}

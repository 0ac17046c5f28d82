package dev.mekiki.encoding.opencv;

/// Distinguishes a shortage of native memory from other failures of OpenCV. Its Java wrapper has no
/// class for that: it throws `CvException` with a text or, from `std::bad_alloc`, a checked
/// `Exception` that no method declares.
public final class NativeMemory {
  private NativeMemory() {}

  /// Whether OpenCV failed because it could not allocate native memory.
  public static boolean isExhausted(Throwable failure) {
    String message = failure.getMessage();
    return message != null
        && (message.contains("Insufficient memory") || message.contains("bad_alloc"));
  }
}

package dev.mekiki.encoder.reference;

/// Ends an attempt for want of memory: the image is larger than was reserved, and there is no room
/// now. It is no failure of the reference: the next attempt begins when there is.
final class MemoryNeededException extends Exception {
  private final int bytes;

  /// @param bytes that the image has, or may have
  MemoryNeededException(int bytes) {
    super("%d bytes are needed".formatted(bytes), null, false, false);
    this.bytes = bytes;
  }

  /// What to reserve for the next attempt.
  int bytes() {
    return bytes;
  }
}

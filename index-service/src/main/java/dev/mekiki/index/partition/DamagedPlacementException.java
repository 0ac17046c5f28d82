package dev.mekiki.index.partition;

/// Bytes that are no placement of this generation: damage on disk, or a stranger on the topic.
final class DamagedPlacementException extends Exception {
  DamagedPlacementException(String message) {
    super(message);
  }

  DamagedPlacementException(String message, Throwable cause) {
    super(message, cause);
  }
}

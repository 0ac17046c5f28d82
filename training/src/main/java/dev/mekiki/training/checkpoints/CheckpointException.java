package dev.mekiki.training.checkpoints;

import java.io.IOException;

/// A checkpoint that is damaged, belongs to another training, or would be overwritten. The message
/// names the file and what is wrong with it, and needs no stack trace.
public final class CheckpointException extends IOException {
  public CheckpointException(String message) {
    super(message);
  }

  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}

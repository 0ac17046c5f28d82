package dev.mekiki.client;

import java.io.Serial;

/// A call that has failed: an answer that is an error ({@link ProblemException}), or none at all
/// ({@link NoAnswerException}). The message is meant to be shown alone.
public abstract sealed class MekikiException extends RuntimeException
    permits ProblemException, NoAnswerException {
  @Serial private static final long serialVersionUID = 1L;

  MekikiException(String message, Throwable cause) {
    super(message, cause);
  }

  MekikiException(String message) {
    super(message);
  }
}

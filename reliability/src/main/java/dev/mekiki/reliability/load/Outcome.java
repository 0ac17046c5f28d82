package dev.mekiki.reliability.load;

/// What a user knows of an operation.
public enum Outcome {
  /// It was acknowledged, or answered.
  DONE,
  /// It was refused: it has not happened and will not.
  FAILED,
  /// No answer, or one that leaves it open.
  UNKNOWN,
  /// Not even tried: too many others had no answer yet.
  LEFT_OUT
}

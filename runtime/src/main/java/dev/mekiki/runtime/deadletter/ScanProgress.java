package dev.mekiki.runtime.deadletter;

/// Hears how far a topic has been read. Called after each record; cheap.
@FunctionalInterface
public interface ScanProgress {
  /// For whom it does not matter.
  ScanProgress NONE = (_, _) -> {};

  /// So far has it been read.
  ///
  /// @param done offsets read so far
  /// @param total offsets to be read at most
  void progress(long done, long total);
}
